import Contracts
import Foundation
import JSON
import Testing

/// The registry's answers, as data. Nothing of the data is in the repository.
@Suite struct ConfluentParityTests {
    static let folder = SharedData.folder("data/schema")
    static let absence: Comment = "the shared folder with data/schema is absent"

    static func records(_ path: String) throws -> [JSON] {
        let folder = try #require(Self.folder)
        return try JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: path)))).elements ?? []
    }

    /// `RULE #/path` for each difference.
    static func lines(_ comparison: SchemaComparison) -> [String] {
        comparison.differences.map { "\($0.rule) \($0.path)" }
    }

    static func compare(
        _ old: JSON?,
        _ new: JSON?,
        _ policy: CompatibilityPolicy
    ) throws -> SchemaComparison {
        policy.compare(
            old: try ComparedSchema(try #require(old).bytes),
            new: try ComparedSchema(try #require(new).bytes)
        )
    }

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
            let (old, new) = (example["original_schema"], example["update_schema"])
            let about: Comment = "\(example["description"]?.string ?? "")"
            let strict = try Self.compare(old, new, .confluent)
            #expect(Self.lines(strict) == example["changes"]?.elements?.compactMap(\.string), about)
            #expect(strict.verdict == (try Self.verdict(example["compatible"])), about)
            let lenient = try Self.compare(old, new, .lenient)
            #expect(
                lenient.verdict == (try Self.verdict(example["compatible_lenient"] ?? example["compatible"])),
                about
            )
        }
    }

    /// Lines in an order of their own. The registry keeps matched branches, and the parts of an `allOf` that stands for
    /// keywords side by side, in hash tables by address: their order and numbers change from run to run.
    static func unordered(_ lines: [String]) -> [String] {
        lines.map { $0.replacing(/allOf\/[0-9]+/, with: "allOf/*") }.sorted()
    }

    /// Where the registry's answer is a crash, the difference is expected instead.
    @Test(
        .enabled(if: folder != nil, absence),
        arguments: [("karapace-agreed", 468, 1), ("corpus_labelled", 454, 2), ("mutants_public", 600, 0)]
    )
    func agreesWithTheRegistryInBothDirections(_ file: String, _ count: Int, _ crashes: Int) throws {
        var (compared, crashed) = (0, 0)
        for record in try Self.records(file + ".json") {
            for direction in ["backward", "forward"] {
                compared += 1
                let isBackward = direction == "backward"
                let (old, new) = isBackward ? (record["old"], record["new"]) : (record["new"], record["old"])
                let expected = record[direction]
                let about: Comment = "\(record["id"]?.string ?? "") \(direction)"
                let strict = try Self.compare(old, new, .confluent)
                let lenient = try Self.compare(old, new, .lenient)
                guard expected?["confluent_strict"]?.boolValue != nil else {
                    crashed += 1
                    #expect(strict.verdict == .incompatible, about)
                    #expect(Self.lines(strict).contains { $0.hasPrefix("EXCLUSIVE_MAXIMUM_DECREASED ") }, about)
                    continue
                }
                #expect(strict.verdict == (try Self.verdict(expected?["confluent_strict"])), about)
                #expect(lenient.verdict == (try Self.verdict(expected?["confluent_lenient"])), about)
                let changes = expected?["confluent_changes"]?.elements?.compactMap(\.string)
                #expect(Self.unordered(Self.lines(strict)) == Self.unordered(try #require(changes)), about)
            }
        }
        #expect(compared == count)
        #expect(crashed == crashes)
    }

    @Test(.enabled(if: folder != nil, absence))
    func findsTheTypesOfChangeThatOnlyNewDraftsHave() throws {
        let records = try Self.records("modern_types.json")
        #expect(records.count == 16)
        for record in records {
            let about: Comment = "\(record["expected_type"]?.string ?? "")"
            let strict = try Self.compare(record["old"], record["new"], .confluent)
            #expect(strict.differences.map(\.rule) == [record["expected_type"]?.string], about)
            #expect(strict.verdict == (try Self.verdict(record["confluent_strict_by_reading"])), about)
            let lenient = try Self.compare(record["old"], record["new"], .lenient)
            #expect(lenient.verdict == (try Self.verdict(record["confluent_lenient_by_reading"])), about)
        }
    }
}
