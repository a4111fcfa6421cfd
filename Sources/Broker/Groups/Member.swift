/// A member of a group, as its coordinator knows it.
struct Member: Hashable, Sendable {
    var id: String
    var instanceID: String?
    var clientID: String
    var clientHost: String
    var sessionTimeout: Int64
    var rebalanceTimeout: Int64
    /// In the member's order of preference. After a restart only the chosen one is known, as in Kafka.
    var strategies: [JoinRequest.Strategy]
    var assignment: [UInt8] = []
    /// The JoinGroup that waits for the rebalance.
    var joining: ReplyToken?
    /// The SyncGroup that waits for the assignment.
    var syncing: ReplyToken?
    /// Joined the group in this rebalance: it cannot send heartbeats before its first answer.
    var isNew = false
    var session = Timer()
    /// Members are listed in the order in which they came.
    var order: UInt64

    init(_ request: JoinRequest, id: String, order: UInt64) {
        self.id = id
        self.order = order
        instanceID = request.instanceID
        clientID = request.clientID
        clientHost = request.clientHost
        sessionTimeout = Int64(request.sessionTimeout)
        rebalanceTimeout = Int64(request.rebalanceTimeout)
        strategies = request.strategies
    }

    init(_ record: GroupRecord.Member, strategy: String, order: UInt64) {
        id = record.memberID
        self.order = order
        instanceID = record.instanceID
        clientID = record.clientID
        clientHost = record.clientHost
        sessionTimeout = Int64(record.sessionTimeout)
        rebalanceTimeout = Int64(record.rebalanceTimeout)
        strategies = [JoinRequest.Strategy(name: strategy, metadata: record.subscription)]
        assignment = record.assignment
    }

    /// Whether a parked request shows that the member lives.
    var isWaiting: Bool { joining != nil || syncing != nil }

    func metadata(of strategy: String) -> [UInt8] {
        strategies.first { $0.name == strategy }?.metadata ?? []
    }

    func supports(_ strategy: String) -> Bool {
        strategies.contains { $0.name == strategy }
    }

    mutating func update(from request: JoinRequest) {
        strategies = request.strategies
        sessionTimeout = Int64(request.sessionTimeout)
        rebalanceTimeout = Int64(request.rebalanceTimeout)
    }
}
