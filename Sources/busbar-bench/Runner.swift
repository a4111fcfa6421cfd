/// One timed run of a contestant.
struct Sample {
    /// Work done in the timed part, counted where it arrived.
    var count: Int
    var seconds: Double
    /// CPU seconds of this process in the timed part, all threads.
    var cpu: Double

    var rate: Double { Double(count) / seconds }
    /// Work per second of CPU.
    var cpuRate: Double { Double(count) / cpu }
}

/// Runs contestants in turns, so that a noisy minute hits all of them.
struct Runner {
    struct Contestant {
        let name: String
        let run: (_ round: Int) async throws -> Sample
    }

    let bench: String
    /// Counted rounds; one more comes first and is thrown away.
    let rounds: Int

    /// The samples of each contestant by round. The order changes every round, so that nobody always goes second.
    func run(_ contestants: [Contestant]) async throws -> [[Sample]] {
        var samples = contestants.map { _ in [Sample]() }
        for round in 0...rounds {
            let order = round.isMultiple(of: 2) ? Array(contestants.indices) : contestants.indices.reversed()
            for index in order {
                let sample = try await contestants[index].run(round)
                if round > 0 { samples[index].append(sample) }
            }
        }
        return samples
    }

    /// Rates, CPU per message and their ratios, of Swift to C, paired by round.
    func compare(
        swift: @escaping (Int) async throws -> Sample,
        c: @escaping (Int) async throws -> Sample
    ) async throws -> [Figure] {
        let samples = try await run([Contestant(name: "swift", run: swift), Contestant(name: "c", run: c)])
        return Self.comparison(bench, samples[0], with: samples[1])
    }

    /// The same of samples that are there, paired by round.
    static func comparison(_ bench: String, _ swift: [Sample], with c: [Sample]) -> [Figure] {
        let pairs = zip(swift, c)
        let perMessage = { (sample: Sample) in sample.cpu / Double(sample.count) * 1e9 }
        return [
            Figure(bench, "swift_rate", unit: "messages/s", swift.map(\.rate)),
            Figure(bench, "c_rate", unit: "messages/s", c.map(\.rate)),
            Figure(bench, "ratio_to_c", unit: "ratio", pairs.map { $0.rate / $1.rate }),
            Figure(bench, "swift_cpu", unit: "ns/message", swift.map(perMessage)),
            Figure(bench, "c_cpu", unit: "ns/message", c.map(perMessage)),
            Figure(bench, "cpu_ratio_to_c", unit: "ratio", pairs.map { perMessage($0) / perMessage($1) }),
        ]
    }
}
