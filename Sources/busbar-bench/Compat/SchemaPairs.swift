internal import Contracts
internal import Foundation
internal import JSON

/// Old and new versions of schemas, each pair in the directions that its data has.
struct SchemaPairs {
    private let pairs: [(old: [UInt8], new: [UInt8])]

    init(in folder: URL) throws {
        var pairs: [(old: [UInt8], new: [UInt8])] = []
        for file in ["confluent/diff-schema-examples.json", "confluent/diff-combined-schema-examples.json"] {
            for example in try Self.read(file, in: folder) {
                try pairs.append(Self.texts(example["original_schema"], example["update_schema"], file))
            }
        }
        for file in ["corpus_labelled.json", "mutants_public.json"] {
            for change in try Self.read(file, in: folder) {
                let (old, new) = try Self.texts(change["old"], change["new"], file)
                pairs += [(old, new), (new, old)]
            }
        }
        self.pairs = pairs
    }

    private static func read(_ file: String, in folder: URL) throws -> [JSON] {
        let url = folder.appending(path: file)
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw BenchError("there is no \(url.path); say with --data where the pairs of schemas are")
        }
        return try JSON(parsing: [UInt8](try Data(contentsOf: url))).elements ?? []
    }

    private static func texts(_ old: JSON?, _ new: JSON?, _ file: String) throws -> (old: [UInt8], new: [UInt8]) {
        guard let old, let new else { throw BenchError("a change in \(file) lacks a schema") }
        return (old.bytes, new.bytes)
    }

    /// One pair per line, a list of the old and the new schema.
    var lines: [UInt8] {
        var lines: [UInt8] = []
        for (old, new) in pairs { lines += Array("[".utf8) + old + Array(",".utf8) + new + Array("]\n".utf8) }
        return lines
    }

    /// Compares all of them, from their texts.
    func run(_ policy: CompatibilityPolicy) throws -> Sample {
        let stopwatch = Stopwatch()
        var verdicts = 0
        for (old, new) in pairs {
            let comparison = policy.compare(old: try ComparedSchema(old), new: try ComparedSchema(new))
            verdicts += comparison.verdict == .unknown ? 0 : 1
        }
        let sample = stopwatch.sample(pairs.count)
        guard verdicts > pairs.count * 9 / 10 else { throw BenchError("\(verdicts) of \(pairs.count) were decided") }
        return sample
    }
}
