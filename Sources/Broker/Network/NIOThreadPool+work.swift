internal import NIOPosix

extension NIOThreadPool {
    /// Runs blocking work on a thread of the pool and waits for it, whether or not the task is cancelled.
    func perform<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            submit { _ in continuation.resume(returning: work()) }
        }
    }

    /// Runs blocking work for every element, on all threads of the pool; the results are in no order.
    func performForEach<Element: Sendable, Value: Sendable>(
        _ elements: [Element],
        _ work: @escaping @Sendable (Element) -> Value
    ) async -> [Value] {
        await withTaskGroup(of: Value.self) { group in
            for element in elements { group.addTask { await self.perform { work(element) } } }
            var results: [Value] = []
            for await result in group { results.append(result) }
            return results
        }
    }
}
