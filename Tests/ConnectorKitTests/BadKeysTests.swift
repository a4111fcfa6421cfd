import Testing

/// Keys that are not there, and values of the wrong type.
@Suite struct BadKeysTests {
    @Test(arguments: files)
    func saysWhatIsWrongWithKeysAndTypes(file: BadFile) {
        #expect(CatalogueFixture.findings(file.text) == file.findings)
    }

    static let files: [BadFile] = [
        BadFile(
            "an empty file",
            #"""

            """#,
            #"""
            connectors/a.yaml:1:1: error: `connector` is missing [BB1011]
              fix: Add `connector: github-incident-to-ticket` (text).
            connectors/a.yaml:1:1: error: `owner` is missing [BB1011]
              fix: Add `owner: platform-integrations` (text).
            connectors/a.yaml:1:1: error: `from` is missing [BB1011]
              fix: Add `from: …` (a mapping with one of `file`, `kafka`, `webhook`).
            connectors/a.yaml:1:1: error: `to` is missing [BB1011]
              fix: Add `to: …` (a mapping with one of `file`, `http`, `kafka`, or a sequence (1-100 elements)).
            """#
        ),
        BadFile(
            "an unknown key near a known one",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery:
              in_flght: 64

            """#,
            #"""
            connectors/a.yaml:6:3: error: unknown key `in_flght` in `delivery` [BB1010]
              in_flght: ***
              ^
              fix: Did you mean `in_flight`?
            """#
        ),
        BadFile(
            "an unknown key near nothing",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            zzzzzzzzzz: 1

            """#,
            #"""
            connectors/a.yaml:5:1: error: unknown key `zzzzzzzzzz` [BB1010]
            zzzzzzzzzz: ***
            ^
              fix: Remove it; the keys here are `connector`, `contract`, `dedupe`, `delivery`, `description`, `from`, `on_violation`, `owner`, `runbook`, `slo`, `steps`, `tests`, `to`.
            """#
        ),
        BadFile(
            "a required key is missing",
            #"""
            connector: a
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }

            """#,
            #"""
            connectors/a.yaml:1:1: error: `owner` is missing [BB1011]
            connector: a
            ^
              fix: Add `owner: platform-integrations` (text).
            """#
        ),
        BadFile(
            "an inner required key is missing",
            #"""
            connector: a
            owner: t
            from: { kafka: {} }
            to: { kafka: { topic: out } }

            """#,
            #"""
            connectors/a.yaml:3:16: error: `from.kafka.topic` is missing [BB1011]
            from: { kafka: {} }
                           ^
              fix: Add `topic: github.issues` (a topic or a pattern of topics, or a sequence (1-100 elements)).
            """#
        ),
        BadFile(
            "text for a number",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { in_flight: lots }

            """#,
            #"""
            connectors/a.yaml:5:24: error: `delivery.in_flight` takes a whole number, found `lots` [BB1012]
            delivery: { in_flight: lots }
                                   ^
              fix: Write a whole number, for example `10`.
            """#
        ),
        BadFile(
            "a quoted number",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { in_flight: "64" }

            """#,
            #"""
            connectors/a.yaml:5:24: error: `delivery.in_flight` takes a whole number, found the text "64" [BB1012]
            delivery: { in_flight: "64" }
                                   ^
              fix: Remove the quotes, for example `10`.
            """#
        ),
        BadFile(
            "a number out of range",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { in_flight: 0 }

            """#,
            #"""
            connectors/a.yaml:5:24: error: `delivery.in_flight` is `0`, the range is 1-10000 [BB1013]
            delivery: { in_flight: 0 }
                                   ^
              fix: Choose a value inside the range.
            """#
        ),
        BadFile(
            "a duration without a unit",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { timeout: 10 }

            """#,
            #"""
            connectors/a.yaml:5:22: error: `delivery.timeout` takes a duration, found `10` [BB1014]
            delivery: { timeout: 10 }
                                 ^
              fix: Write a number and one of `ms`, `s`, `m`, `h`, `d`, for example `10s`.
            """#
        ),
        BadFile(
            "a duration out of range",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { retry: { max: 2d } }

            """#,
            #"""
            connectors/a.yaml:5:27: error: `delivery.retry.max` is `2d`, the range is 1ms-1d [BB1013]
            delivery: { retry: { max: 2d } }
                                      ^
              fix: Choose a value inside the range.
            """#
        ),
        BadFile(
            "a rate without its time",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { rate_limit: "50" }

            """#,
            #"""
            connectors/a.yaml:5:25: error: `delivery.rate_limit` takes a rate, found `50` [BB1014]
            delivery: { rate_limit: "50" }
                                    ^
              fix: Write a number and one of `/s`, `/m`, `/h`, for example `50/s`.
            """#
        ),
        BadFile(
            "a choice that is none",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { order: keys }

            """#,
            #"""
            connectors/a.yaml:5:20: error: `delivery.order` takes one of `partition`, `key`, `none`, found `keys` [BB1014]
            delivery: { order: keys }
                               ^
              fix: Did you mean `key`?
            """#
        ),
        BadFile(
            "a yes is no boolean",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to:
              http:
                url: http://x/
                idempotency_key: yes

            """#,
            #"""
            connectors/a.yaml:7:22: error: `to.http.idempotency_key` takes `true` or `false`, found `yes` [BB1012]
                idempotency_key: yes
                                 ^
              fix: Write `true` or `false`, for example `true`.
            """#
        ),
        BadFile(
            "a sequence for a mapping",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: [ 1 ]

            """#,
            #"""
            connectors/a.yaml:5:11: error: `delivery` takes a mapping, found a sequence [BB1012]
            delivery: [ 1 ]
                      ^
              fix: Write `key: value` pairs, indented below it.
            """#
        ),
        BadFile(
            "a mapping for a sequence",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            steps: { filter: . }

            """#,
            #"""
            connectors/a.yaml:5:8: error: `steps` takes a sequence, found a mapping [BB1012]
            steps: { filter: . }
                   ^
              fix: Write one `- …` line per element.
            """#
        ),
        BadFile(
            "text for a mapping",
            #"""
            connector: a
            owner: t
            from: kafka
            to: { kafka: { topic: out } }

            """#,
            #"""
            connectors/a.yaml:3:7: error: `from` takes a mapping with one of `file`, `kafka`, `webhook`, found `kafka` [BB1012]
            from: kafka
                  ^
              fix: Write a mapping with one of `file`, `kafka`, `webhook`.
            """#
        ),
        BadFile(
            "a key without a value",
            #"""
            connector: a
            owner:
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }

            """#,
            #"""
            connectors/a.yaml:2:7: error: `owner` has no value [BB1012]
            owner:
                  ^
              fix: Write text after the colon, or remove the key.
            """#
        ),
    ]
}
