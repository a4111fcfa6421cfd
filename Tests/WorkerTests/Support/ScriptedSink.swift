import ConnectorKit
import Delivery
import Log
import Synchronization

/// A target that answers as a test says and remembers what it was sent.
final class ScriptedSink: Sink {
    typealias Script = @Sendable (_ records: [Record], _ call: Int) async -> [SinkResult]

    /// One request.
    struct Call: Sendable {
        let ids: [String]
        let values: [String]
        let results: [SinkResult]
    }

    private struct State {
        var begun = 0
        var calls: [Call] = []
        var delivered: [String: Int] = [:]
        var deliveredValues: [String] = []
        var isClosed = false
    }

    let batching: BatchPolicy?
    private let script: Script
    private let state = Mutex(State())
    private let news = TestSignal()

    init(batching: BatchPolicy? = nil, _ script: @escaping Script) {
        self.batching = batching
        self.script = script
    }

    /// Takes everything.
    convenience init(batching: BatchPolicy? = nil) {
        self.init(batching: batching) { records, _ in records.map { _ in .delivered } }
    }

    func deliver(_ records: [Record]) async -> [SinkResult] {
        let number = state.withLock { state in
            state.begun += 1
            return state.begun
        }
        news.notify()
        let results = await script(records, number)
        state.withLock { state in
            let values = records.map { String(decoding: $0.value.bytes() ?? [], as: UTF8.self) }
            state.calls.append(Call(ids: records.map(\.id), values: values, results: results))
            for (index, result) in results.enumerated() where index < records.count && result == .delivered {
                state.delivered[records[index].id, default: 0] += 1
                state.deliveredValues.append(values[index])
            }
        }
        news.notify()
        return results
    }

    func close() async {
        state.withLock { $0.isClosed = true }
    }

    /// Requests that have come, answered or not.
    var begun: Int { state.withLock(\.begun) }
    /// Requests that were answered, in the order of the answers.
    var calls: [Call] { state.withLock(\.calls) }
    /// How often each record was delivered.
    var delivered: [String: Int] { state.withLock(\.delivered) }
    /// The values delivered, in the order of the answers.
    var values: [String] { state.withLock(\.deliveredValues) }
    var isClosed: Bool { state.withLock(\.isClosed) }

    /// Returns when `count` different records have been delivered.
    func waitForDeliveries(_ count: Int) async throws {
        try await news.wait("\(count) deliveries, not \(delivered.count)") { self.delivered.count >= count }
    }

    /// Returns when `count` requests have come.
    func waitForCalls(_ count: Int) async throws {
        try await news.wait("\(count) requests, not \(begun)") { self.begun >= count }
    }
}

/// Holds tasks back until a test lets them go.
final class Gate: Sendable {
    private let isOpen = Mutex(false)
    private let news = TestSignal()

    func open() {
        isOpen.withLock { $0 = true }
        news.notify()
    }

    /// Returns when the gate is open or the task is cancelled.
    func pass() async {
        do {
            try await news.wait("the gate", within: .seconds(600)) { self.isOpen.withLock { $0 } }
        } catch {
            // cancelled: the caller looks for itself
        }
    }
}
