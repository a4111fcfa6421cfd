import Telemetry
import Testing

/// What the code logs against the table of keys.
@Suite struct LoggedFieldsTests {
    @Test func everyFieldThatIsLoggedIsInTheTable() throws {
        let table = Set(LogKey.allCases.map(\.rawValue))
        let field = /"([a-z_]+(?:\.[a-z_]+)+)": "\\\(/
        let key = /metadataKey: "([a-z_.]+)"/
        var found = 0
        // busbar-bench logs nothing; its topics' settings look like fields.
        for file in try Repository.swiftFiles(in: "Sources") where !file.contains("/busbar-bench/") {
            let text = try Repository.text(file)
            for match in text.matches(of: field).map(\.1) + text.matches(of: key).map(\.1) {
                found += 1
                #expect(table.contains(String(match)), "\(file) logs \(match), which LogKey does not have")
            }
        }
        #expect(found > 20, "the pattern finds the code's log calls")
    }
}
