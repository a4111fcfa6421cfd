import Contracts
import Foundation
import JSON
import LogTesting
import TestFiles
import Testing

/// What must hold for any records.
@Suite struct InferencePropertyTests {
    /// Bounds under which everything that can overflow does.
    private static let narrow: InferenceBounds = {
        var bounds = InferenceBounds()
        (bounds.places, bounds.members, bounds.depth, bounds.texts) = (60, 6, 3, 3)
        (bounds.textBytes, bounds.nameBytes, bounds.variants) = (12, 4, 2)
        return bounds
    }()

    private static func options(_ random: inout SeededRandom) -> InferredSchemaOptions {
        var options = InferredSchemaOptions()
        options.draft = random.chance(0.5) ? .draft7 : .draft202012
        options.isClosed = random.chance(0.5)
        options.namesFormats = random.chance(0.7)
        options.hasBounds = random.chance(0.5)
        return options
    }

    private static func records(_ random: inout SeededRandom) -> [String] {
        var generator = RandomRecords(random: random)
        let onlyObjects = generator.random.chance(0.6)
        let records = (0..<(1 + generator.random.next() % 60)).map { _ in
            onlyObjects ? generator.object() : generator.record()
        }
        random = generator.random
        return records
    }

    @Test(.timeLimit(.minutes(3)), arguments: [false, true])
    func everyRecordObeysWhatWasInferred(isNarrow: Bool) async throws {
        try await withSeeds(0..<150) { random in
            let records = Self.records(&random)
            let bounds = isNarrow ? Self.narrow : InferenceBounds()
            let discriminator = random.chance(0.5) ? "type" : nil
            let inference = try InferredRecords.inference(records, bounds, discriminator: discriminator)
            #expect(inference.records == records.count)
            let refusal = try InferredRecords.refusal(of: records, by: inference, Self.options(&random))
            if let refusal { throw Refused(description: refusal) }
        }
    }

    /// Any cut into parts, in any order, under bounds that some of the records exceed, as long as not all places do.
    @Test(.timeLimit(.minutes(3)), arguments: [false, true])
    func mergingIsAssociativeAndCommutative(isNarrow: Bool) async throws {
        try await withSeeds(0..<150) { random in
            let records = Self.records(&random)
            var bounds = isNarrow ? Self.narrow : InferenceBounds()
            bounds.places = InferenceBounds().places
            let discriminator = random.chance(0.5) ? "type" : nil
            let whole = try InferredRecords.inference(records, bounds, discriminator: discriminator)
            var parts = try Self.parts(of: records, &random).map {
                try InferredRecords.inference($0, bounds, discriminator: discriminator)
            }
            parts.shuffle(using: &random)
            while parts.count > 1 {
                let index = Int.random(in: 0..<(parts.count - 1), using: &random)
                let next = parts.remove(at: index + 1)
                parts[index].merge(next)
            }
            guard parts[0] == whole, parts[0].schema() == whole.schema() else {
                throw Refused(description: "\(parts[0].schema())\n\(whole.schema())")
            }
            #expect("\(parts[0].schema())" == "\(whole.schema())")
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func whatWasMergedInANarrowSpaceStillTakesEveryRecord() async throws {
        try await withSeeds(0..<100) { random in
            let records = Self.records(&random)
            var merged = SchemaInference(Self.narrow)
            for part in Self.parts(of: records, &random) {
                merged.merge(try InferredRecords.inference(part, Self.narrow))
            }
            let refusal = try InferredRecords.refusal(of: records, by: merged, Self.options(&random))
            if let refusal { throw Refused(description: refusal) }
        }
    }

    private static func parts(of records: [String], _ random: inout SeededRandom) -> [[String]] {
        var parts: [[String]] = Array(repeating: [], count: Int.random(in: 1...5, using: &random))
        for record in records { parts[Int.random(in: 0..<parts.count, using: &random)].append(record) }
        return parts
    }

    private struct Refused: Error, CustomStringConvertible {
        let description: String
    }
}

/// The payloads of real senders.
@Suite struct InferencePayloadTests {
    static let folder = SharedFiles.present("data/payloads")
    static let senders = [
        "alertmanager", "cloudevents", "github", "gitlab", "jira", "k8s-admission", "opsgenie", "pagerduty", "slack",
        "stripe",
    ]

    @Test(
        .enabled(if: folder != nil, "there is no data/payloads in the shared folder"),
        .timeLimit(.minutes(3)),
        arguments: senders
    )
    func everyPayloadObeysWhatWasInferredFromAll(sender: String) throws {
        let root = try #require(Self.folder).appending(path: sender)
        var records: [String] = []
        for case let file as URL in try #require(
            FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        )
        where file.pathExtension == "json" {
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            // Some files hold what a sender got wrong, on purpose.
            if (try? JSON(parsing: text)) != nil { records.append(text) }
        }
        #expect(records.count > 1, "\(sender)")
        let inference = try InferredRecords.inference(records)
        #expect(!inference.isNarrowed)
        for isClosed in [false, true] {
            var options = InferredSchemaOptions()
            options.isClosed = isClosed
            options.hasBounds = isClosed
            let refusal = try InferredRecords.refusal(of: records, by: inference, options)
            #expect(refusal == nil, "\(sender)")
        }
    }
}
