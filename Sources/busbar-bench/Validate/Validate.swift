internal import ArgumentParser
internal import Foundation

/// `busbar-bench validate`: from the text of a document to its verdict, next to validators from PyPI and to simdjson.
struct Validate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Documents checked against a contract, from their text, next to other validators and simdjson.",
        discussion: """
            Example: busbar-bench validate --runs 7 --json

            Rates are per second of CPU. Documents that obey (pass) and the same with one fault (fail) are measured apart. \
            The Python peers are measured in a process of their own as their users call them; simdjson's DOM parse of a \
            padded copy stands beside the parser alone. scripts/bench-peers.sh installs all of them; --alone leaves them \
            out. Fails if a document that obeys costs an allocation.
            """
    )

    @OptionGroup var options: BenchOptions
    @OptionGroup var peers: PeerOptions

    @Option(help: "Folder with NAME.json (a list of documents) and NAME.schema.json.")
    var data = "../shared/data/schema/bench/data"

    func run() async throws {
        let subjects = try ["small", "cloudevents", "github_push", "github_pr"].map {
            try ValidationSubject($0, in: URL(filePath: data, directoryHint: .isDirectory))
        }
        let python = try peers.folder.map { try ValidatorPeers(in: $0, subjects) }
        for subject in subjects { try options.print(try await validation(subject, python)) }
        let simdjson = try peers.folder.map { try Simdjson(in: $0) }
        for (name, text) in try texts(subjects) { try options.print(try await parsing(name, text, simdjson)) }
        let allocations = try subjects.map { ($0, try $0.allocations()) }
        try options.print(
            allocations.map { Figure("validate", "\($0.0.name)_allocations", unit: "per message", [$0.1]) }
        )
        try python?.python.end()
        for (subject, count) in allocations where count > 0 {
            throw BenchError("a document of \(subject.name) that obeys costs \(count) allocations")
        }
    }

    // MARK: Validation

    private func validation(_ subject: ValidationSubject, _ python: ValidatorPeers?) async throws -> [Figure] {
        var figures: [Figure] = []
        for kind in ValidationSubject.Kind.allCases {
            var contestants = [Runner.Contestant(name: "busbar") { _ in try subject.run(kind, bytes: 60_000_000) }]
            if let python {
                contestants += ValidatorPeers.names.map { peer in
                    Runner.Contestant(name: peer) { _ in try python.run(peer, subject, kind, bytes: 6_000_000) }
                }
            }
            let samples = try await Runner(bench: "validate", rounds: options.runs).run(contestants)
            let prefix = "\(subject.name)_\(kind.rawValue)"
            let bytes = Double(subject.bytes(kind)) / Double(subject.texts(kind).count)
            figures += zip(contestants, samples).flatMap { contestant, runs in
                [
                    Figure("validate", "\(prefix)_\(contestant.name)_rate", unit: "documents/s", runs.map(\.cpuRate)),
                    Figure(
                        "validate",
                        "\(prefix)_\(contestant.name)_throughput",
                        unit: "MB/s",
                        runs.map { $0.cpuRate * bytes / 1e6 }
                    ),
                ]
            }
            figures += zip(contestants, samples).dropFirst().map { contestant, runs -> Figure in
                .cpuRatio("validate", "\(prefix)_ratio_to_\(contestant.name)", samples[0], to: runs)
            }
        }
        return figures
    }

    // MARK: The parser alone

    /// One document of each size; the largest is a list of smaller ones.
    private func texts(_ subjects: [ValidationSubject]) throws -> [(name: String, text: [UInt8])] {
        let pushes = subjects[2].texts(.pass)
        var list = [UInt8](ascii("["))
        while list.count < 100_000 { list += pushes[list.count % pushes.count] + ascii(",") }
        list[list.count - 1] = UInt8(ascii: "]")
        return subjects.map { ($0.name, $0.texts(.pass)[0]) } + [("list_100k", list)]
    }

    private func ascii(_ text: StaticString) -> [UInt8] { Array("\(text)".utf8) }

    private func parsing(_ name: String, _ text: [UInt8], _ simdjson: Simdjson?) async throws -> [Figure] {
        let times = max(1, 80_000_000 / text.count)
        let own = OwnParser()
        var contestants = [Runner.Contestant(name: "busbar") { _ in try own.run(text, times: times) }]
        if let simdjson {
            contestants.append(Runner.Contestant(name: "simdjson") { _ in try simdjson.run(text, times: times) })
        }
        let samples = try await Runner(bench: "parse", rounds: options.runs).run(contestants)
        var figures = zip(contestants, samples).map { contestant, runs in
            Figure(
                "parse",
                "\(name)_\(contestant.name)_throughput",
                unit: "MB/s",
                runs.map { $0.cpuRate * Double(text.count) / 1e6 }
            )
        }
        if samples.count > 1 {
            figures.append(.cpuRatio("parse", "\(name)_ratio_to_simdjson", samples[0], to: samples[1]))
        }
        return figures
    }
}
