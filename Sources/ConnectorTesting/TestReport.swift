package import ConnectorKit
internal import JSON

/// One thing about a test that is not as expected.
package struct TestMismatch: Sendable, Hashable {
    /// The key under `expect`, for example `delivered` or `requests[0]`; `run` when the test came to no end.
    package var subject: String
    /// What was expected and what happened, on one line.
    package var message: String
    /// Lines that say more: differences with their JSON pointer, or what dead letters say.
    package var details: [String]

    init(_ subject: String, _ message: String, details: [String] = []) {
        self.subject = subject
        self.message = message
        self.details = details
    }

    init(_ subject: String, expected: Int, actual: Int, details: [String] = []) {
        self.init(subject, "expected \(expected), got \(actual)", details: details)
    }
}

/// What one test of a connector came to.
package struct TestReport: Sendable, Hashable {
    /// Name of the connector.
    package var connector: String
    /// Name of the test.
    package var test: String
    /// Where the test is written.
    package var location: ConfigLocation
    /// Empty when it passed.
    package var mismatches: [TestMismatch]

    /// Whether everything was as expected.
    package var hasPassed: Bool { mismatches.isEmpty }

    /// For people: a line when it passed, else the place and every mismatch below.
    ///
    /// ```
    /// FAIL  tickets: an incident becomes a ticket (connectors/tickets.yaml:21:5)
    ///       delivered: expected 1, got 0
    ///       requests[0]: no request is like it, of 1 in all; the nearest differs
    ///         /severity: expected "high", got "low"
    /// ```
    package var rendered: String {
        guard !hasPassed else { return "ok    \(connector): \(test)" }
        let lines = mismatches.flatMap { mismatch in
            ["      \(mismatch.subject): \(mismatch.message)"] + mismatch.details.map { "        \($0)" }
        }
        return (["FAIL  \(connector): \(test) (\(location))"] + lines).joined(separator: "\n")
    }

    /// One JSON object: `{"v":1,"connector","test","file","line","passed","mismatches":[{"subject","message","details"}]}`.
    package var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("connector", connector)
            writer.member("test", test)
            writer.member("file", location.file)
            writer.member("line", location.line)
            writer.member("passed", hasPassed)
            writer.array("mismatches") { writer in
                for mismatch in mismatches { mismatch.write(to: &writer) }
            }
        }
        return writer.text
    }
}

extension TestMismatch {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("subject", subject)
            writer.member("message", message)
            writer.array("details") { writer in
                for detail in details { writer.value(detail) }
            }
        }
    }
}
