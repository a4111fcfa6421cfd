import Testing

/// Values of the right kind that do not follow their grammar.
@Suite struct BadValuesTests {
    @Test(arguments: files)
    func saysWhatIsWrongWithValues(file: BadFile) {
        #expect(CatalogueFixture.findings(file.text) == file.findings)
    }

    static let files: [BadFile] = [
        BadFile(
            "two sources",
            #"""
            connector: a
            owner: t
            from:
              kafka: { topic: in }
              file: { path: f }
            to: { kafka: { topic: out } }

            """#,
            #"""
            connectors/a.yaml:4:3: error: `from` takes exactly one of `file`, `kafka`, `webhook`, found `file`, `kafka` [BB1015]
              kafka: { topic: in }
              ^
              fix: Keep one of them.
            """#
        ),
        BadFile(
            "no sink",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: {}

            """#,
            #"""
            connectors/a.yaml:4:5: error: `to` takes exactly one of `file`, `http`, `kafka`, found none [BB1015]
            to: {}
                ^
              fix: Add one of them.
            """#
        ),
        BadFile(
            "an unknown sink",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { htpp: { url: http://x/, token: hunter2 } }

            """#,
            #"""
            connectors/a.yaml:4:7: error: unknown key `htpp` in `to` [BB1010]
            to: { htpp: { url: ***, token: *** } }
                  ^
              fix: Did you mean `http`?
            """#
        ),
        BadFile(
            "a step that is neither",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            steps: [ { fliter: . } ]

            """#,
            #"""
            connectors/a.yaml:5:12: error: unknown key `fliter` in `steps[0]` [BB1010]
            steps: [ { fliter: *** } ]
                       ^
              fix: Did you mean `filter`?
            """#
        ),
        BadFile(
            "a topic that no broker takes",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: a/b } }

            """#,
            #"""
            connectors/a.yaml:4:23: error: `to.kafka.topic` is `a/b`: no broker accepts that name [BB1014]
            to: { kafka: { topic: a/b } }
                                  ^
              fix: Use 1 to 249 letters, digits, `.`, `_` and `-`.
            """#
        ),
        BadFile(
            "a pattern that is none",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: '^(' } }
            to: { kafka: { topic: out } }

            """#,
            #"""
            connectors/a.yaml:3:25: error: `from.kafka.topic` is `^(`: no regular expression [BB1014]
            from: { kafka: { topic: '^(' } }
                                    ^
              fix: Correct the pattern, for example `^github\..*`.
            """#
        ),
        BadFile(
            "an address that is none",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { http: { url: tickets.example.org } }

            """#,
            #"""
            connectors/a.yaml:4:20: error: `to.http.url` is `tickets.example.org`: no http or https address [BB1014]
            to: { http: { url: tickets.example.org } }
                               ^
              fix: Write it in full, for example `https://example.org/api`.
            """#
        ),
        BadFile(
            "a percentage beyond 100",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            slo: { success: 101% }

            """#,
            #"""
            connectors/a.yaml:5:17: error: `slo.success` takes a percentage, found `101%` [BB1014]
            slo: { success: 101% }
                            ^
              fix: Write a number from 0 to 100 and `%`, for example `99.9%`.
            """#
        ),
        BadFile(
            "a contract that is none",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            contract: github.issues@2

            """#,
            #"""
            connectors/a.yaml:5:11: error: `contract` is `github.issues@2`: no contract has that name [BB1014]
            contract: github.issues@2
                      ^
              fix: Write `subject` or `subject@vN`, for example `github.issues@v2`.
            """#
        ),
        BadFile(
            "a reference that is not closed",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { http: { url: "http://${env:HOST/" } }

            """#,
            #"""
            connectors/a.yaml:4:20: error: `to.http.url`: `${` has no closing `}` [BB1020]
            to: { http: { url: "***" } }
                               ^
              fix: Close the reference, or write `$${` for a literal `${`.
            """#
        ),
        BadFile(
            "a reference of no kind",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { http: { url: "http://${HOST}/" } }

            """#,
            #"""
            connectors/a.yaml:4:20: error: `to.http.url`: `${HOST}` names no kind of reference [BB1020]
            to: { http: { url: "***" } }
                               ^
              fix: Write `${env:NAME}`, `${file:PATH}` or `${secret:NAME}`, or `$${` for a literal `${`.
            """#
        ),
        BadFile(
            "a reference where none is resolved",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to: { kafka: { topic: out } }
            delivery: { timeout: "${env:T}" }

            """#,
            #"""
            connectors/a.yaml:5:22: error: `delivery.timeout` takes no references, found `${env:T}` [BB1022]
            delivery: { timeout: "${env:T}" }
                                 ^
              fix: Write the value itself; references work in text, addresses, paths, topics and secrets.
            """#
        ),
        BadFile(
            "a secret in the file",
            #"""
            connector: a
            owner: t
            from: { webhook: { path: /x, secret: hunter2 } }
            to: { kafka: { topic: out } }

            """#,
            #"""
            connectors/a.yaml:3:38: warning: `from.webhook.secret` is a secret written into the file [BB1023]
            from: { webhook: { path: /x, secret: *** } }
                                                 ^
              fix: Put it into a file of the secrets folder and write `${secret:NAME}` here.
            """#
        ),
        BadFile(
            "a deprecated key",
            #"""
            connector: a
            owner: t
            from: { webhook: { path: /x, secret: '${secret:s}', signature: '${secret:o}' } }
            to: { kafka: { topic: out } }

            """#,
            #"""
            connectors/a.yaml:3:53: warning: `from.webhook.signature` is deprecated [BB1016]
            from: { webhook: { path: /x, secret: '${secret:s}', signature: '${secret:o}' } }
                                                                ^
              fix: Use `secret`.
            """#
        ),
        BadFile(
            "a header that is a secret",
            #"""
            connector: a
            owner: t
            from: { kafka: { topic: in } }
            to:
              http:
                url: http://x/
                headers: { Authorization: Bearer hunter2 }

            """#,
            #"""
            connectors/a.yaml:7:31: warning: `to.http.headers.Authorization` is a secret written into the file [BB1023]
                headers: { Authorization: *** }
                                          ^
              fix: Put it into a file of the secrets folder and write `${secret:NAME}` here.
            """#
        ),
    ]
}
