import SchemaCheck
import Testing

/// What is looked at grows with what changed, not with what is there.
@Suite(.timeLimit(.minutes(1))) struct CheckWorkTests {
    /// 500 subjects with 10 versions each.
    private static let files: [String: String] = {
        var files: [String: String] = [:]
        for subject in 0..<500 {
            for version in 1...10 {
                files["subject\(subject)/v\(version).json"] = #"{"type":"string","maxLength":\#(version)}"#
            }
        }
        return files
    }()

    @Test func onlyTheSubjectsThatChangedAreCompiled() async {
        // A schema that is released is not compiled: these are none.
        let broken = Self.files.mapValues { _ in "no JSON" }
        var changed = broken
        changed["subject7/v11.json"] = "true"
        changed["subject9/examples/a.json"] = "{}"
        let report = await CheckInput.check(changed, released: broken)
        #expect(report.subjects.map(\.name) == ["subject7", "subject9"])
        #expect(report.subjects.map(\.versions) == [[11], []])
        #expect(report.errors == 0)
        #expect(report.summary.hasSuffix("of 500 subjects; 2 changed against before"))
    }

    @Test func everyVersionIsComparedWhereNothingIsReleased() async {
        let few = Self.files.filter { $0.key.hasPrefix("subject1") }
        let report = await CheckInput.check(few)
        #expect(report.subjects.count == 111)
        #expect(report.subjects.allSatisfy { $0.versions == Array(1...10) })
        #expect(report.errors == 0)
    }
}
