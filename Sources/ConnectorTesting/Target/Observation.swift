internal import Log
internal import Synchronization

/// A request that a target accepted.
struct ObservedRequest: Sendable, Hashable {
    var method: String
    var url: String
    /// In the order in which they would be sent; names as the connector writes them.
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    static func == (left: ObservedRequest, right: ObservedRequest) -> Bool {
        left.method == right.method && left.url == right.url && left.body == right.body
            && left.headers.elementsEqual(right.headers) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(url)
        hasher.combine(body)
    }
}

/// A record that a target accepted.
struct ObservedRecord: Sendable, Hashable {
    /// `nil` for a target outside the log.
    var topic: TopicName?
    var key: [UInt8]?
    /// `nil` is a tombstone.
    var value: [UInt8]?
    var headers: [Header]
}

/// What the targets of one test have accepted, in order.
final class TargetLedger: Sendable {
    private struct State {
        var requests: [ObservedRequest] = []
        var records: [ObservedRecord] = []
    }

    private let state = Mutex(State())

    var requests: [ObservedRequest] { state.withLock(\.requests) }
    var records: [ObservedRecord] { state.withLock(\.records) }

    func add(_ request: ObservedRequest) {
        state.withLock { $0.requests.append(request) }
    }

    func add(_ records: [ObservedRecord]) {
        state.withLock { $0.records += records }
    }
}
