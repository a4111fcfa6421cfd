import Testing

/// Files whose keys are each right, and together wrong.
@Suite struct BadConnectorTests {
    @Test(arguments: files)
    func saysWhatIsWrongBetweenKeys(file: BadFile) {
        #expect(CatalogueFixture.findings(file.text) == file.findings)
    }

    static let files: [BadFile] = [
        BadFile(
            "a name with capitals",
            #"""
            connector: My_Connector
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }

            """#,
            #"""
            connectors/a.yaml:1:12: error: `connector` is `My_Connector`: no connector has that name [BB1014]
            connector: My_Connector
                       ^
              fix: Use 1 to 63 of `a-z`, `0-9` and `-`.
            """#
        ),
        BadFile(
            "an owner of blanks",
            #"""
            connector: a
            owner: ' '
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }

            """#,
            #"""
            connectors/a.yaml:2:8: error: `owner` is empty [BB1014]
            owner: ' '
                   ^
              fix: Name the team that answers for the connector.
            """#
        ),
        BadFile(
            "dedupe without a topic",
            #"""
            connector: a
            owner: t
            from: { file: { path: f } }
            to: { kafka: { topic: out } }
            dedupe: { key: key }

            """#,
            #"""
            connectors/a.yaml:5:1: error: `dedupe` compares offsets of a topic, and the source `file` has none [BB1030]
            dedupe: { key: key }
            ^
              fix: Write the events to a topic, and put `dedupe` into the connector that reads it.
            """#
        ),
        BadFile(
            "a dedupe key that is none",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            dedupe: { key: ce_id }

            """#,
            #"""
            connectors/a.yaml:5:16: error: `dedupe.key` is `ce_id`: no dedupe key looks like that [BB1014]
            dedupe: { key: ce_id }
                           ^
              fix: Write `header.<name>`, `key`, or a jq program that starts with `.`.
            """#
        ),
        BadFile(
            "reject without a sender",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            on_violation: reject

            """#,
            #"""
            connectors/a.yaml:5:15: error: `on_violation: reject` needs a sender who waits for an answer, and `kafka` has none [BB1033]
            on_violation: reject
                          ^
              fix: Write `dead_letter`, or leave the key out.
            """#
        ),
        BadFile(
            "a loop",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: in } }

            """#,
            #"""
            connectors/a.yaml:4:23: error: the connector writes to `in`, which it reads [BB1031]
            to: { kafka: { topic: in } }
                                  ^
              fix: Write to another topic: every record would come back forever.
            """#
        ),
        BadFile(
            "a loop through a pattern",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: [ x, '^github\.' ] } }
            to:
              - when: .x
                kafka: { topic: github.y }
              - file: { path: f }

            """#,
            #"""
            connectors/a.yaml:6:21: error: the connector writes to `github.y`, which it reads as `^github\.` [BB1031]
                kafka: { topic: github.y }
                                ^
              fix: Write to another topic: every record would come back forever.
            """#
        ),
        BadFile(
            "dead letters into the input",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { dead_letter: in }

            """#,
            #"""
            connectors/a.yaml:5:26: error: dead letters go to `in`, which the connector reads [BB1032]
            delivery: { dead_letter: in }
                                     ^
              fix: Name another topic in `delivery.dead_letter`.
            """#
        ),
        BadFile(
            "dead letters into the output",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { dead_letter: out }

            """#,
            #"""
            connectors/a.yaml:5:26: error: dead letters go to `out`, where delivered records go too [BB1032]
            delivery: { dead_letter: out }
                                     ^
              fix: Name another topic in `delivery.dead_letter`.
            """#
        ),
        BadFile(
            "a route after one that takes all",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to:
              - file: { path: f }
              - kafka: { topic: out }

            """#,
            #"""
            connectors/a.yaml:5:11: error: this sink takes every record, so the ones after it get none [BB1034]
              - file: { path: f }
                      ^
              fix: Give it a `when`, or move it to the end.
            """#
        ),
        BadFile(
            "waits that shrink",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { retry: { initial: 1m, max: 1s } }

            """#,
            #"""
            connectors/a.yaml:5:40: error: `delivery.retry.initial` is 1m, more than `max` with 1s [BB1035]
            delivery: { retry: { initial: 1m, max: 1s } }
                                                   ^
              fix: Make `max` at least as long as `initial`.
            """#
        ),
        BadFile(
            "no time for a retry",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { timeout: 1h }

            """#,
            #"""
            connectors/a.yaml:5:22: warning: one attempt may take 1h, all of them 10m: there is no time for a retry [BB1035]
            delivery: { timeout: 1h }
                                 ^
              fix: Make `delivery.timeout` shorter, or `delivery.retry.within` longer.
            """#
        ),
        BadFile(
            "a runbook that is not there",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            runbook: docs/a.md

            """#,
            #"""
            connectors/a.yaml:5:10: warning: `runbook` is `docs/a.md`, and there is no such file [BB1040]
            runbook: docs/a.md
                     ^
              fix: Write the page, or correct the path: it counts from here and from the working directory.
            """#
        ),
        BadFile(
            "a test that reads nothing",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            tests:
              - name: t
                input: [ { file: f.json } ]
                expect: { delivered: 1 }

            """#,
            #"""
            connectors/a.yaml:7:22: error: the test reads `f.json`, and there is no such file [BB1040]
                input: [ { file: f.json } ]
                                 ^
              fix: Create it, or correct the path: it counts from here and from the working directory.
            """#
        ),
        BadFile(
            "a test that expects too much",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            tests:
              - name: t
                input: [ { json: {}, times: 2 } ]
                expect: { delivered: 2, dead_lettered: { schema: 1 } }

            """#,
            #"""
            connectors/a.yaml:8:13: error: the test expects an outcome for 3 records, and 2 come in [BB1050]
                expect: { delivered: 2, dead_lettered: { schema: 1 } }
                        ^
              fix: Add input, or correct `expect`: each record has one outcome.
            """#
        ),
        BadFile(
            "a test with a reason that does not exist",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            tests:
              - name: t
                input: [ { json: {} } ]
                expect: { dead_lettered: { schemas: 1 } }

            """#,
            #"""
            connectors/a.yaml:8:32: error: unknown key `schemas` in `tests[0].expect.dead_lettered` [BB1010]
                expect: { dead_lettered: { schemas: *** } }
                                           ^
              fix: Did you mean `schema`?
            """#
        ),
        BadFile(
            "a fault that is none",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            tests:
              - name: t
                input: [ { json: {} } ]
                faults: [ { sink: 200 } ]
                expect: {}

            """#,
            #"""
            connectors/a.yaml:8:23: error: `tests[0].faults[0].sink` takes a whole number (400-599), or one of `hang`, `reset`, found `200` [BB1012]
                faults: [ { sink: 200 } ]
                                  ^
              fix: Write a whole number (400-599), or one of `hang`, `reset`.
            """#
        ),
        BadFile(
            "an input without a payload",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            tests:
              - name: t
                input: [ { key: k } ]
                expect: {}

            """#,
            #"""
            connectors/a.yaml:7:14: error: `tests[0].input[0]` takes exactly one of `file`, `json`, `text`, `base64`, `tombstone`, found none [BB1015]
                input: [ { key: k } ]
                         ^
              fix: Add one of them.
            """#
        ),
        BadFile(
            "base64 that is none",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            tests:
              - name: t
                input: [ { base64: '%' } ]
                expect: {}

            """#,
            #"""
            connectors/a.yaml:7:24: error: `base64` is no base64 [BB1014]
                input: [ { base64: '%' } ]
                                   ^
              fix: Write the output of `base64 FILE`.
            """#
        ),
        BadFile(
            "a rejection where nothing rejects",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            tests:
              - name: t
                input: [ { text: x } ]
                expect: { rejected: 1 }

            """#,
            #"""
            connectors/a.yaml:8:13: error: the test expects rejected records, and the connector dead-letters what breaks the contract [BB1050]
                expect: { rejected: 1 }
                        ^
              fix: Expect `dead_lettered: { schema: … }`, or write `on_violation: reject`.
            """#
        ),
        BadFile(
            "several things at once, in the order of the file",
            #"""
            ownr: t
            connector: a
            from: { kafka: { topic: in, strat: latest } }
            to: { kafka: { topic: out } }
            slo: { success: many }

            """#,
            #"""
            connectors/a.yaml:1:1: error: unknown key `ownr` [BB1010]
            ownr: ***
            ^
              fix: Did you mean `owner`?
            connectors/a.yaml:3:29: error: unknown key `strat` in `from.kafka` [BB1010]
            from: { kafka: { topic: in, strat: *** } }
                                        ^
              fix: Did you mean `start`?
            connectors/a.yaml:5:17: error: `slo.success` takes a percentage, found `many` [BB1014]
            slo: { success: many }
                            ^
              fix: Write a number from 0 to 100 and `%`, for example `99.9%`.
            """#
        ),
    ]
}
