internal import KafkaProtocol

/// Producer ids, each given out once in the life of a data directory: in blocks that are reserved durably before their
/// first id is used. What a stop leaves of a block is skipped.
struct ProducerIDs: Sendable {
    private(set) var next: Int64 = 0
    private(set) var limit: Int64 = 0
    /// The reservation on its way.
    private(set) var reservation: WriteToken?
    /// InitProducerId requests that wait for it.
    private var waiting: [(InitProducerRequest, ReplyToken)] = []

    var isExhausted: Bool { next >= limit }

    /// Everything below is taken.
    mutating func skip(below first: Int64) {
        next = max(next, first)
        limit = max(limit, next)
    }

    /// The next id; only if not exhausted.
    mutating func take() -> Int64 {
        precondition(!isExhausted, "a producer id is taken before one was reserved")
        defer { next += 1 }
        return next
    }

    mutating func wait(_ request: InitProducerRequest, _ token: ReplyToken, _ effects: inout TransactionEffects) {
        waiting.append((request, token))
        if reservation == nil { reservation = effects.reserve(below: limit + max(1, effects.settings.producerIDBlock)) }
    }

    /// The reservation ended. Returns who waited for it; `nil` if it is not the one that is waited for.
    mutating func finish(
        _ token: WriteToken,
        _ error: ErrorCode?,
        block: Int64
    ) -> [(InitProducerRequest, ReplyToken)]? {
        guard token == reservation else { return nil }
        reservation = nil
        if error == nil { limit += max(1, block) }
        defer { waiting = [] }
        return waiting
    }
}
