import SchemaCheck
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct RegistrySourceTests {
    private static let v1 = #"{"type":"string","maxLength":9}"#

    private static func source(_ subjects: [String: [Int: String]]) -> RegistrySource {
        RegistrySource(
            versions: { subject in subjects[subject].map { $0.keys.sorted() } },
            schema: { subject, version throws(CheckError) in
                guard let text = subjects[subject]?[version] else { throw CheckError(.registry, "gone") }
                return Array(text.utf8)
            }
        )
    }

    private func check(_ files: [String: String], _ source: RegistrySource) async throws -> CheckReport {
        let tree = CheckInput.tree(files)
        let released = try await source.released(of: tree, name: "http://registry")
        return await SchemaCheck(folder: "schemas").run(tree, released: released)
    }

    @Test func onlyWhiteSpaceTellsARegistryFromAFolder() async throws {
        let files = ["orders/v1.json": "{ \"type\": \"string\",\n \"maxLength\": 9 }\n", "orders/examples/a.json": "7"]
        let report = try await check(files, Self.source(["orders": [1: Self.v1], "others": [1: "{}"]]))
        #expect(report.subjects.isEmpty)
        #expect(report.base == "http://registry")
    }

    @Test func aRegistryThatSortsMembersHasTheSameVersion() async throws {
        let sorted = #"{"maxLength":9,"type":"string"}"#
        let report = try await check(["orders/v1.json": Self.v1], Self.source(["orders": [1: sorted]]))
        #expect(report.subjects.isEmpty)
    }

    @Test func aNewVersionIsHeldAgainstTheRegistry() async throws {
        let files = [
            "orders/v1.json": Self.v1, "orders/v2.json": Self.v1.replacing("9", with: "5"), "new/v1.json": "true",
        ]
        let report = try await check(files, Self.source(["orders": [1: Self.v1]]))
        #expect(report.errorPlaces == ["MAX_LENGTH_DECREASED orders v2 schemas/orders/v2.json:1:30"])
        #expect(report.subjects.map(\.name) == ["new", "orders"])
    }

    @Test func aVersionThatTheRegistryHasMustBeInTheFolderAsItIs() async throws {
        let report = try await check(
            ["orders/v1.json": Self.v1.replacing("9", with: "5")],
            Self.source(["orders": [1: Self.v1, 2: Self.v1]])
        )
        #expect(
            report.errorPlaces == [
                "VERSION_DELETED orders v2 schemas/orders/v2.json",
                "VERSION_EDITED orders v1 schemas/orders/v1.json:1:30",
            ]
        )
    }

    @Test func everySubjectIsAskedForOnceAndAFailureEndsIt() async throws {
        let asked = Mutex<[String]>([])
        let names = (0..<40).map { "subject\($0)" }
        let files = Dictionary(uniqueKeysWithValues: names.map { ("\($0)/v1.json", "true") })
        let counting = RegistrySource(
            versions: { subject in
                asked.withLock { $0.append(subject) }
                return [1]
            },
            schema: { _, _ in Array("true".utf8) }
        )
        #expect(try await check(files, counting).subjects.isEmpty)
        #expect(asked.withLock { $0 }.sorted() == names.sorted())
        let failing = RegistrySource(
            versions: { subject throws(CheckError) in throw CheckError(.registry, "no answer for \(subject)") },
            schema: { _, _ in [] }
        )
        let error = await #expect(throws: CheckError.self) { try await check(files, failing) }
        #expect(error?.code == .registry)
    }
}
