internal import ArgumentParser
internal import Contracts
internal import Foundation
internal import JSON

/// `busbar-bench compat`: comparisons of two versions of a contract per second, by each policy.
struct Compat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compatibility checks of two schemas per second, by each policy, next to jsonschema-rs.",
        discussion: """
            Example: busbar-bench compat --runs 5 --json

            Pairs of schemas from Confluent's tests, labelled changes and mutants of realistic contracts. Rates are per \
            second of CPU, from the texts of both. The peer is jsonschema-rs, whose `covers` answers the question of \
            policy sound, without a document that shows a refusal; scripts/bench-peers.sh installs it, --alone leaves it out.
            """
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "Folder with the pairs of schemas.")
    var data = "../shared/data/schema"

    @Option(help: "Folder that scripts/bench-peers.sh filled.")
    var peers = ".venv-bench"

    @Flag(help: "Without the other.")
    var alone = false

    func run() async throws {
        let pairs = try SchemaPairs(in: URL(filePath: data, directoryHint: .isDirectory))
        let policies: [CompatibilityPolicy] = [.confluent, .sound]
        var contestants = policies.map { policy in
            Runner.Contestant(name: policy.rawValue) { _ in try pairs.run(policy) }
        }
        let python =
            alone
            ? nil
            : try PythonPeer(
                "containment.py",
                in: URL(filePath: peers, directoryHint: .isDirectory),
                files: [("pairs.ndjson", pairs.lines)]
            )
        if let python {
            contestants.append(
                Runner.Contestant(name: "jsonschema-rs") { _ in
                    let answer = try python.ask("all")
                    return Sample(count: answer.count, seconds: answer.seconds, cpu: answer.cpu)
                }
            )
        }
        let samples = try await Runner(bench: "compat", rounds: options.runs).run(contestants)
        try python?.end()
        try options.print(
            zip(contestants, samples).map { contestant, runs in
                Figure("compat", "\(contestant.name)_rate", unit: "checks/s", runs.map(\.cpuRate))
            }
        )
        guard samples.count > policies.count else { return }
        try options.print([
            Figure(
                "compat",
                "sound_ratio_to_jsonschema-rs",
                unit: "ratio",
                zip(samples[1], samples[2]).map { $0.cpuRate / $1.cpuRate }
            )
        ])
    }
}

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
