internal import ArgumentParser
internal import Contracts
internal import Foundation

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
    @OptionGroup var peers: PeerOptions

    @Option(help: "Folder with the pairs of schemas.")
    var data = "../shared/data/schema"

    func run() async throws {
        let pairs = try SchemaPairs(in: URL(filePath: data, directoryHint: .isDirectory))
        let policies: [CompatibilityPolicy] = [.confluent, .sound]
        var contestants = policies.map { policy in
            Runner.Contestant(name: policy.rawValue) { _ in try pairs.run(policy) }
        }
        let python = try peers.folder.map {
            try PythonPeer("containment.py", in: $0, files: [("pairs.ndjson", pairs.lines)])
        }
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
            .cpuRatio("compat", "sound_ratio_to_jsonschema-rs", samples[1], to: samples[2])
        ])
    }
}
