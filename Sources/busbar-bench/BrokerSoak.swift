internal import ArgumentParser
internal import Foundation
internal import LocalStack

/// `busbar-bench broker soak`: mixed load for a long time, and whether the broker stays as it was.
struct BrokerSoak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "Mixed load for a long time: fails when the broker's memory, files or threads trend upwards.",
        discussion: """
            Example: busbar-bench broker soak --minutes 30 --samples soak.tsv

            Producers of every codec and of mixed sizes that come and go, transactions that commit and abort, a group \
            whose members come and go, topics that are created and deleted, connections that only look, retention and \
            compaction over small segments. Every five seconds the broker's memory (RssAnon), descriptors less the \
            sockets of this program, deleted files that are still open, and threads are sampled. The first fifth of the samples is warm-up. The rest is \
            cut in three: the median of the last third may exceed that of the first by 10 % and 8 MiB of memory, 10 % \
            and 10 descriptors, 3 deleted files, 2 threads. Any record that is refused fails the run too.
            """
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "How long, 1 or more.")
    var minutes = 30

    @Option(help: "File for the samples, a line each.")
    var samples: String?

    func validate() throws {
        guard minutes > 0 else { throw ValidationError("--minutes must be 1 or more") }
    }

    func run() async throws {
        try await LocalBroker.with(soak)
    }

    private func soak(_ broker: LocalBroker) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(minutes * 60))
        let load = SoakLoad(address: broker.address, deadline: deadline)
        try await load.createTopics()
        let trend = try await withThrowingTaskGroup(of: SoakTrend?.self) { tasks in
            tasks.addTask {
                try await load.run()
                return nil
            }
            tasks.addTask { try await self.watch(broker.pid, until: deadline) }
            var trend: SoakTrend?
            for try await result in tasks { trend = result ?? trend }
            return trend
        }
        guard let trend else { throw BenchError("the soak has no samples") }
        try options.print(trend.figures + load.figures)
        if let problem = trend.problem { throw BenchError(problem) }
    }

    private func watch(_ pid: Int32, until deadline: ContinuousClock.Instant) async throws -> SoakTrend {
        var trend = SoakTrend()
        var lines = "seconds\tanonymous_mb\tresident_mb\tdescriptors\tdeleted\tthreads\n"
        let began = ContinuousClock.now
        while ContinuousClock.now < deadline {
            try await Task.sleep(for: .seconds(5))
            var sample = try ProcessSample(of: pid)
            // A connection that this process still has open is not the broker's to close: librdkafka before 2.3 cannot
            // always destroy a consumer that left early.
            sample.descriptors -= try ProcessSample(of: ProcessInfo.processInfo.processIdentifier).sockets
            trend.samples.append(sample)
            let seconds = Int(began.duration(to: .now) / .seconds(1))
            lines += "\(seconds)\t\(sample.anonymousMegabytes)\t\(sample.residentMegabytes)\t\(sample.descriptors)"
            lines += "\t\(sample.deletedFiles)\t\(sample.threads)\n"
            if let path = samples { try lines.write(toFile: path, atomically: true, encoding: .utf8) }
        }
        return trend
    }
}

/// The samples of a soak, and what they say.
struct SoakTrend: Sendable {
    /// A measure, and how much more of it the last third may show than the first: a share, and a number on top.
    private struct Measure {
        let name: String
        let unit: String
        let value: @Sendable (ProcessSample) -> Double
        let share: Double
        let more: Double
    }

    private static let measures = [
        Measure(name: "memory", unit: "MB", value: { $0.anonymousMegabytes }, share: 0.1, more: 8),
        Measure(name: "descriptors", unit: "count", value: { Double($0.descriptors) }, share: 0.1, more: 10),
        Measure(name: "deleted_files", unit: "count", value: { Double($0.deletedFiles) }, share: 0, more: 3),
        Measure(name: "threads", unit: "count", value: { Double($0.threads) }, share: 0, more: 2),
    ]

    var samples: [ProcessSample] = []

    /// The median of each third, by measure.
    var figures: [Figure] {
        Self.measures.flatMap { measure in
            thirds(measure).enumerated().map {
                Figure("broker-soak", "\(measure.name)_third_\($0.offset + 1)", unit: measure.unit, [$0.element])
            }
        }
    }

    /// What trends upwards; nil when nothing does.
    var problem: String? {
        let risen = Self.measures.compactMap { measure -> String? in
            let thirds = thirds(measure)
            guard let first = thirds.first, let last = thirds.last else { return "\(measure.name) was not sampled" }
            guard last > first * (1 + measure.share) + measure.more else { return nil }
            return "\(measure.name) rose from \(first) to \(last)"
        }
        return risen.isEmpty ? nil : risen.joined(separator: "; ")
    }

    private func thirds(_ measure: Measure) -> [Double] {
        let counted = samples.dropFirst(samples.count / 5).map(measure.value)
        let size = counted.count / 3
        guard size > 0 else { return [] }
        return (0..<3).map { third in
            let sorted = counted[(third * size)..<(third * size + size)].sorted()
            return sorted[size / 2]
        }
    }
}
