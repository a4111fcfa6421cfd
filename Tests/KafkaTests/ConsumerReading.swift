import Kafka
import Log

extension Consumer {
    /// Reads every assigned partition, whichever way this consumer hands messages out, until `body` returns `true`. Bounded
    /// by the test's time limit.
    func readAll(until body: (MessageBatch) async throws -> Bool) async throws {
        var readers: [PartitionReader] = []
        while true {
            switch try await next(wait: readers.isEmpty ? .milliseconds(500) : .zero) {
            case .rebalance(let rebalance):
                try await complete(rebalance, from: [:])
                guard rebalance.change == .assign, options.delivery != .together else { continue }
                for assigned in rebalance.partitions { readers.append(try await partition(assigned)) }
            case .batch(let batch):
                if try await body(batch) { return }
            case .idle, .closed: break
            }
            for reader in readers {
                guard case .batch(let batch) = try await reader.next(wait: .milliseconds(50)) else { continue }
                if try await body(batch) { return }
            }
        }
    }
}
