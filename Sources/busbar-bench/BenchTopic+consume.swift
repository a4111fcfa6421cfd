internal import Kafka
internal import Log

extension BenchTopic {
    /// How a run asks for batches.
    enum Reading {
        /// By ``Kafka/Consumer/next(wait:)``.
        case events
        /// By the asynchronous sequence over it.
        case sequence
    }

    /// Reads `count` messages as the one member of `group`, and adds up what `measure` says of each batch. The clock starts
    /// with the first one; with a `prefetch` so long after it, when everything has been fetched, so that the fetching is not
    /// timed. Less than 10 s, after which a consumer that nobody asks stops fetching.
    func consume(
        _ count: Int,
        group: String,
        by reading: Reading = .events,
        prefetch: Duration = .zero,
        _ measure: (MessageBatch) -> Int
    ) async throws -> (sample: Sample, sum: Int) {
        var client = client
        if prefetch > .zero { client.properties["queued.min.messages"] = "1000000" }
        let consumer = try await Consumer.open(
            ConsumerConfiguration(
                group: group,
                topics: [name],
                fetchBudget: prefetch > .zero ? 2_097_151 << 10 : 32 << 20
            ),
            client: client,
            logger: Self.silent
        )
        var tally = Tally()
        switch reading {
        case .events:
            while tally.seen < count {
                switch try await consumer.next(wait: .seconds(1)) {
                case .batch(let batch):
                    if tally.isEmpty { try await tally.begin(after: prefetch) }
                    tally.add(batch, measure(batch))
                case .rebalance(let rebalance):
                    try await consumer.complete(rebalance, from: [:])
                case .idle, .closed:
                    continue
                }
            }
        case .sequence:
            for try await batch in consumer.batches {
                if tally.isEmpty { try await tally.begin(after: prefetch) }
                tally.add(batch, measure(batch))
                if tally.seen >= count { break }
            }
        }
        guard let sample = tally.sample, tally.seen == count else {
            throw BenchError("read \(tally.seen) messages instead of \(count)")
        }
        await consumer.close()
        return (sample, tally.sum)
    }
}

/// What one run has seen.
private struct Tally {
    private(set) var seen = 0
    private(set) var sum = 0
    private var stopwatch: Stopwatch?

    var isEmpty: Bool { seen == 0 }
    var sample: Sample? { stopwatch?.sample(seen) }

    mutating func begin(after prefetch: Duration) async throws {
        if prefetch > .zero { try await Task.sleep(for: prefetch) }
        stopwatch = Stopwatch()
    }

    mutating func add(_ batch: MessageBatch, _ measure: Int) {
        seen += batch.count
        sum += measure
    }
}
