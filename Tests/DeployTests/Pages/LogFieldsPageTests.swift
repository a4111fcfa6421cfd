import Telemetry
import Testing

@Suite struct LogFieldsPageTests {
    @Test func thePageIsTheTableOfKeys() throws {
        let keys = DocumentedCases(try Repository.text("Sources/Telemetry/Logs/LogKey.swift"), of: "LogKey").cases
        #expect(keys.map(\.rawValue) == LogKey.allCases.map(\.rawValue))
        try GeneratedPage(
            "docs/log-fields.md",
            title: "Log fields",
            """
            Each program writes one JSON object a line to standard error. `ts` (RFC 3339, UTC, milliseconds), `level`, \
            `message` and `logger` come first; `message` is constant, so it can be searched for, and what varies is in the \
            fields below. A field is always a string. A line that would be longer than 16 KiB leaves fields out and says \
            `truncated`. Payloads, record keys and secrets have no field on purpose.
            """,
            [GeneratedPage.table(["field", "meaning"], keys.map { ["`\($0.rawValue)`", $0.meaning] })]
        ).check()
    }
}
