import Kafka
import KafkaTesting
import Log
import Testing

/// `max.poll.interval.ms`, as a consumer keeps it whatever its caller does.
@Suite(.timeLimit(.minutes(2))) struct PollStatusTests {
    private enum Conduct: String, CaseIterable {
        /// Everything is read; `next` waits.
        case idle
        /// Nobody asks, and a batch is ready.
        case resting
        /// As resting, with calls in between that are no reading.
        case busy
        /// Everything is paused, and nobody asks.
        case paused
        /// Partitions are read each by itself, and nobody asks.
        case unread
    }

    @Test(arguments: Conduct.allCases)
    private func aMemberStaysWhateverItsCallerDoes(conduct: Conduct) async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: 500)
        let partition = TopicPartition("t", 0)
        let consumer = try await fixture.consumer(
            "t",
            maxBatch: 10,
            options: ConsumerOptions(delivery: conduct == .unread ? .perPartition(expecting: 1) : .together),
            with: ["max.poll.interval.ms": "6000"]
        )
        #expect(consumer.pollStatus.limit == .seconds(6))
        #expect(consumer.pollStatus.assigned.isEmpty)
        _ = try await consumer.assignment()
        #expect(consumer.pollStatus.assigned == [partition])
        var values: [Int] = []
        if conduct != .unread { values += try await consumer.values(conduct == .idle ? 500 : 10) }
        if conduct == .paused {
            try await consumer.pause([partition])
            #expect(consumer.pollStatus.paused == [partition])
        }
        // Longer than max.poll.interval.ms, for that is what this is about; looked at as a metric would.
        var longest = Duration.zero
        var hasRested = false
        for _ in 0..<80 {
            if conduct == .idle {
                guard case .idle = try await consumer.next(wait: .milliseconds(100)) else {
                    Issue.record("something came")
                    return
                }
            } else {
                try await ContinuousClock().sleep(for: .milliseconds(100))
                if conduct == .busy { try await consumer.commit([partition: CommittedOffset(1)]) }
            }
            longest = max(longest, consumer.pollStatus.sinceLastPoll)
            hasRested = hasRested || consumer.pollStatus.isResting
        }
        #expect(longest < .seconds(4), "no poll for \(longest)")
        #expect(hasRested == (conduct == .resting || conduct == .busy))
        if conduct == .paused { try await consumer.resume([partition]) }
        // Still the member that it was: what is left comes without another rebalance.
        let reader = conduct == .unread ? try await consumer.partition(partition) : nil
        while values.count < 500 {
            if let reader {
                guard case .batch(let batch) = try await reader.next(wait: .seconds(1)) else { continue }
                batch.forEach { values.append($0.number ?? -1) }
            }
            switch try await consumer.next(wait: reader == nil ? .seconds(1) : .zero) {
            case .batch(let batch): batch.forEach { values.append($0.number ?? -1) }
            case .rebalance(let rebalance): Issue.record("thrown out: \(rebalance)")
            case .idle, .closed: continue
            }
        }
        #expect(values == Array(0..<500))
        #expect(consumer.pollStatus.assigned == [partition])
        await consumer.close()
    }
}
