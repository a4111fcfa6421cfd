internal import KafkaProtocol

/// One group: its members and the state of Kafka's classic group protocol, and its offsets.
///
/// ```
///            join                all joined, or time out          leader's assignment stored
///   Empty ────────▶ Preparing ────────────────────────▶ Completing ────────────────────────▶ Stable
///     ▲               │   ▲                                  │  join, leave, session lost     │
///     └───────────────┘   └──────────────────────────────────┴───────────────────────────────┘
///      nobody is left
/// ```
///
/// Every request is checked against the member's id, its instance id and the generation before it changes anything.
struct Group: Sendable {
    let id: String
    var state = GroupState.empty
    /// Milliseconds since 1970 of the last change of state; -1 if the log does not say.
    var stateTimestamp: Int64
    /// Set with the first member, and kept when all have left. `nil` for a group of bare offsets.
    var protocolType: String?
    var protocolName: String?
    var generation: Int32 = 0
    var leaderID: String?
    var members: [String: Member] = [:]
    /// Member ids by `group.instance.id`.
    var staticMembers: [String: String] = [:]
    /// Ids that were given out (KIP-394) and not joined with yet.
    var pendingMembers: [String: Timer] = [:]
    /// Members of this generation whose SyncGroup did not come yet.
    var awaitedSyncs: Set<String> = []
    var rebalanceTimer = Timer()
    var syncTimer = Timer()
    /// While a new group waits for more members: how many milliseconds it may still be extended by.
    var initialDelayLeft: Int64?
    /// Somebody joined during the initial delay, which extends it.
    var hasNewMember = false
    /// The write of this generation's assignment, while it is on its way.
    var assignmentWrite: WriteToken?
    /// The assignment that is on its way.
    var assignmentInFlight: [String: [UInt8]] = [:]
    var offsets = GroupOffsets()
    private var nextOrder: UInt64 = 0

    init(id: String, now: Moment) {
        self.id = id
        stateTimestamp = now.epoch
    }

    /// The order of the next member.
    mutating func takeOrder() -> UInt64 {
        defer { nextOrder += 1 }
        return nextOrder
    }

    /// The members in the order in which they came.
    var orderedMembers: [Member] { members.values.sorted { $0.order < $1.order } }

    /// How long a rebalance waits: for the slowest member. At least 1, so that a timer never starts anew at once.
    var rebalanceTimeout: Int64 { members.values.reduce(1) { max($0, $1.rebalanceTimeout) } }

    /// Nothing to keep, and nothing in the log.
    var isVacant: Bool {
        state == .empty && generation == 0 && pendingMembers.isEmpty && offsets.isEmpty
    }

    /// Whether a member with these strategies can take part.
    func accepts(protocolType type: String, _ strategies: [JoinRequest.Strategy]) -> Bool {
        if state == .empty { return !type.isEmpty && !strategies.isEmpty }
        return type == protocolType
            && strategies.contains { strategy in members.values.allSatisfy { $0.supports(strategy.name) } }
    }

    /// The strategy that all members support and most of them prefer; the first by name among equals. `nil` only
    /// without members: `accepts` keeps out whoever shares no strategy with the rest.
    func votedStrategy() -> String? {
        var votes: [String: Int] = [:]
        for member in members.values {
            let vote = member.strategies.first { strategy in members.values.allSatisfy { $0.supports(strategy.name) } }
            if let vote { votes[vote.name, default: 0] += 1 }
        }
        return votes.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
    }

    /// Why this is not the member it says to be; `nil` if it is.
    func identityError(memberID: String, instanceID: String?) -> ErrorCode? {
        if let instanceID {
            guard let current = staticMembers[instanceID] else { return .unknownMemberID }
            if current != memberID { return .fencedInstanceID }
        }
        return members[memberID] == nil ? .unknownMemberID : nil
    }

    /// Why this is not a member of the present generation; `nil` if it is.
    func membershipError(_ claim: GroupMember) -> ErrorCode? {
        identityError(memberID: claim.memberID, instanceID: claim.instanceID)
            ?? (claim.generation == generation ? nil : .illegalGeneration)
    }

    mutating func enter(_ next: GroupState, _ effects: GroupEffects) {
        state = next
        stateTimestamp = effects.now.epoch
    }

    /// Gives the member its full session timeout from now on.
    mutating func renewSession(_ memberID: String, _ effects: inout GroupEffects) {
        guard let timeout = members[memberID]?.sessionTimeout else { return }
        armSession(memberID, timeout, &effects)
    }

    mutating func armSession(_ memberID: String, _ timeout: Int64, _ effects: inout GroupEffects) {
        members[memberID]?.session.set(
            effects.now.uptime + max(1, timeout),
            .session(group: id, member: memberID),
            in: &effects.timers
        )
    }

    /// Takes a member out of all tables. Its parked requests are the caller's to answer.
    mutating func forget(_ memberID: String) {
        guard let member = members.removeValue(forKey: memberID) else { return }
        if let instanceID = member.instanceID, staticMembers[instanceID] == memberID {
            staticMembers[instanceID] = nil
        }
        awaitedSyncs.remove(memberID)
        if leaderID == memberID { leaderID = members.values.min { $0.order < $1.order }?.id }
    }
}
