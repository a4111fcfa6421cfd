internal import ConnectorKit
internal import Delivery

extension Sink {
    /// One attempt that is cancelled when `limit` has passed. What the sink says after that counts only where it says that
    /// the target has the record; everything else may be tried again.
    func deliver(_ records: [Record], within limit: Duration, clock: RuntimeClock) async -> [SinkResult] {
        await withTaskGroup(of: [SinkResult]?.self) { group in
            group.addTask { await self.deliver(records) }
            group.addTask {
                do {
                    try await clock.sleep(limit)
                } catch {
                    // cancelled: the sink has answered, or the driver ends
                }
                return nil
            }
            if case .some(.some(let results)) = await group.next() {
                group.cancelAll()
                return results
            }
            group.cancelAll()
            guard case .some(.some(let late)) = await group.next() else { return [] }
            return late.map { result in
                if case .delivered = result { return result }
                return .retry(.timeout, detail: "no answer within \(limit)")
            }
        }
    }
}
