import Contracts
import Foundation
import JSON
import TestFiles
import Testing

/// The registry's answers, as data. Nothing of the data is in the repository.
@Suite struct ConfluentParityTests {
    static let folder = SharedFiles.present("data/schema")
    static let absence: Comment = "the shared folder with data/schema is absent"

    static func records(_ path: String) throws -> [JSON] {
        let folder = try #require(Self.folder)
        return try JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: path)))).elements ?? []
    }

    /// `RULE #/path` for each difference.
    static func lines(_ comparison: SchemaComparison) -> [String] {
        comparison.differences.map { "\($0.rule) \($0.path)" }
    }

    static func schema(_ json: JSON?) throws -> ComparedSchema { try ComparedSchema(try #require(json).bytes) }

    static func verdict(_ flag: JSON?) throws -> SchemaComparison.Verdict {
        let isCompatible: Bool = try #require(flag?.boolValue as Bool?)
        return isCompatible ? .compatible : .incompatible
    }

    @Test(
        .enabled(if: folder != nil, absence),
        arguments: [("diff-schema-examples", 104), ("diff-combined-schema-examples", 28)]
    )
    func findsWhatTheRegistrysOwnTestsExpectInTheirOrder(_ file: String, _ count: Int) throws {
        let cases = try Self.records("confluent/\(file).json")
        #expect(cases.count == count)
        for example in cases {
            let (old, new) = try (Self.schema(example["original_schema"]), Self.schema(example["update_schema"]))
            let about: Comment = "\(example["description"]?.string ?? "")"
            let strict = CompatibilityPolicy.confluent.compare(old: old, new: new)
            #expect(Self.lines(strict) == example["changes"]?.elements?.compactMap(\.string), about)
            #expect(strict.verdict == (try Self.verdict(example["compatible"])), about)
            let lenient = CompatibilityPolicy.lenient.compare(old: old, new: new)
            #expect(
                lenient.verdict == (try Self.verdict(example["compatible_lenient"] ?? example["compatible"])),
                about
            )
        }
    }

    /// The registry's answers for pairs of schemas, both ways; where one is a crash, the difference is expected instead.
    ///
    /// It keeps matched branches, and the parts of an `allOf` that stands for keywords side by side, in hash tables by
    /// address: their order and numbers change from run to run, and so may be others in a known number of answers.
    @Test(
        .enabled(if: folder != nil, absence),
        arguments: [
            ("karapace-agreed", 468, crashes: 1, reordered: 0), ("corpus_labelled", 454, crashes: 2, reordered: 2),
            ("mutants_public", 600, crashes: 0, reordered: 6),
        ]
    )
    func agreesWithTheRegistryInBothDirections(_ file: String, _ count: Int, crashes: Int, reordered: Int) throws {
        var (crashed, moved) = (0, 0)
        let records = try Self.records(file + ".json")
        #expect(records.count * 2 == count)
        for record in records {
            let (old, new) = try (Self.schema(record["old"]), Self.schema(record["new"]))
            for direction in ["backward", "forward"] {
                let answer = try #require(record[direction])
                let about: Comment = "\(record["id"]?.string ?? "") \(direction)"
                let sides = direction == "backward" ? (old, new) : (new, old)
                let strict = CompatibilityPolicy.confluent.compare(old: sides.0, new: sides.1)
                guard answer["confluent_strict"] != .null else {
                    crashed += 1
                    #expect(strict.verdict == .incompatible, about)
                    #expect(Self.lines(strict).contains { $0.hasPrefix("EXCLUSIVE_MAXIMUM_DECREASED ") }, about)
                    continue
                }
                let lenient = CompatibilityPolicy.lenient.compare(old: sides.0, new: sides.1)
                #expect(strict.verdict == (try Self.verdict(answer["confluent_strict"])), about)
                #expect(lenient.verdict == (try Self.verdict(answer["confluent_lenient"])), about)
                let changes = try #require(answer["confluent_changes"]?.elements).compactMap(\.string)
                if Self.lines(strict) != changes { moved += 1 }
                #expect(Self.unordered(Self.lines(strict)) == Self.unordered(changes), about)
            }
        }
        #expect(crashed == crashes)
        #expect(moved == reordered)
    }

    private static func unordered(_ lines: [String]) -> [String] {
        lines.map { $0.replacing(/allOf\/[0-9]+/, with: "allOf/*") }.sorted()
    }

    @Test(.enabled(if: folder != nil, absence))
    func findsTheTypesOfChangeThatOnlyNewDraftsHave() throws {
        let records = try Self.records("modern_types.json")
        #expect(records.count == 16)
        for record in records {
            let about: Comment = "\(record["expected_type"]?.string ?? "")"
            let (old, new) = try (Self.schema(record["old"]), Self.schema(record["new"]))
            let strict = CompatibilityPolicy.confluent.compare(old: old, new: new)
            #expect(strict.differences.map(\.rule) == [record["expected_type"]?.string], about)
            #expect(strict.verdict == (try Self.verdict(record["confluent_strict_by_reading"])), about)
            let lenient = CompatibilityPolicy.lenient.compare(old: old, new: new)
            #expect(lenient.verdict == (try Self.verdict(record["confluent_lenient_by_reading"])), about)
        }
    }

    /// Schemas of every shape: none may be unknown, crash, or differ from itself, whatever the keywords and references.
    /// But the registry calls every `not` narrowed that did not become wider.
    @Test(
        .enabled(if: SchemaTestSuiteTests.folder != nil, "the shared folder with JSON-Schema-Test-Suite is absent"),
        arguments: [SchemaDraft.draft4, .draft6, .draft7, .draft201909, .draft202012]
    )
    func everySchemaOfTheTestSuiteIsTheSameAsItself(_ draft: SchemaDraft) throws {
        let folder = try #require(SchemaTestSuiteTests.folder)
        let resolver = SchemaTestSuiteTests.resolver(remotes: folder.appending(path: "remotes"))
        let name = "draft" + draft.rawValue.replacing("draft-0", with: "")
        var count = 0
        for file in try SharedFiles.files(in: folder.appending(path: "tests/\(name)"), suffix: ".json") {
            for group in try JSON(parsing: [UInt8](Data(contentsOf: file))).elements ?? [] {
                var schema = try #require(group["schema"])
                if let members = schema.members, schema["$schema"] == nil {
                    schema = .object([("$schema", .string(draft.metaschemaURI))] + members)
                }
                let compared = try ComparedSchema(schema.bytes, resolver: resolver)
                let comparison = CompatibilityPolicy.confluent.compare(old: compared, new: compared)
                let about: Comment = "\(file.lastPathComponent): \(group["description"]?.string ?? "")"
                #expect(comparison.verdict == .compatible, about)
                #expect(comparison.differences.allSatisfy { $0.rule == "NOT_TYPE_NARROWED" }, about)
                count += 1
            }
        }
        #expect(count > 150)
    }
}
