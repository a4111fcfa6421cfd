/// Decides what happens on a day, before a single byte is written.
struct TrafficPlan {
    /// What a place in the day is reserved for.
    private enum Slot {
        case ordinary
        case ping
        case flawed(Flaw)
        /// The same delivery once more.
        case redelivery
        /// A delivery that was refused for its signature, sent again with the right one.
        case healed
    }

    private(set) var deliveries: [PlannedDelivery] = []
    private var random: SeededGenerator
    private var story: RepositoryStories
    private var refused: [Int] = []
    private let count: Int

    /// Plans `count` deliveries, at least ``GitHubDay/leastCount``.
    init(seed: UInt64, count: Int) {
        self.count = count
        random = SeededGenerator(seed: seed)
        story = RepositoryStories(repositories: GitHubWorld.standard.repositories.count)
        deliveries.reserveCapacity(count)
        var slots = Self.slots(count)
        random.shuffle(&slots)
        for slot in slots { add(slot) }
    }

    /// Shares of the day, so that a shorter one has some of everything too.
    private static func slots(_ count: Int) -> [Slot] {
        let shares: [(Slot, Int)] = [
            (.ping, 200), (.redelivery, 50), (.healed, 600),
            (.flawed(.wrongSecret), 300), (.flawed(.tampered), 400), (.flawed(.malformedSignature), 600),
            (.flawed(.missingSignature), 250), (.flawed(.oversized), 500), (.flawed(.truncated), 200),
            (.flawed(.formEncoded), 300), (.flawed(.repositoryIsText), 300), (.flawed(.senderWithoutID), 400),
            (.flawed(.bodyIsArray), 600), (.flawed(.issueWithoutNumber), 300), (.flawed(.issueTitleIsNumber), 400),
            (.flawed(.runWithoutBranch), 400), (.flawed(.runConclusionIsUnknown), 400),
        ]
        let reserved = shares.flatMap { slot, oneIn in Array(repeating: slot, count: max(1, count / oneIn)) }
        return reserved + Array(repeating: .ordinary, count: count - reserved.count)
    }

    private mutating func add(_ slot: Slot) {
        switch slot {
        case .ordinary: append { $0.event(of: $1, &$2) }
        case .ping: append { _, _, _ in .ping }
        case .flawed(let flaw): append(flaw: flaw, Self.event(breaking: flaw))
        case .redelivery: redeliver()
        case .healed: heal()
        }
    }

    /// Makes an event of the repository with this number.
    private typealias Making = (inout RepositoryStories, Int, inout SeededGenerator) -> GitHubEvent

    private mutating func append(flaw: Flaw? = nil, _ make: Making) {
        let repository = random.number(below: GitHubWorld.standard.repositories.count)
        let event = make(&story, repository, &random)
        if flaw?.refusal == 401 { refused.append(deliveries.count) }
        deliveries.append(
            PlannedDelivery(
                id: random.uuid(),
                event: event,
                repository: repository,
                sender: random.number(below: GitHubWorld.standard.users.count),
                seed: random.next(),
                time: time,
                flaw: flaw
            )
        )
    }

    /// The deliveries are spread over the day evenly.
    private var time: Int64 { GitHubWorld.midnight + Int64(deliveries.count) * 86_400 / Int64(count) }

    private static func event(breaking flaw: Flaw) -> Making {
        switch flaw {
        case .issueWithoutNumber, .issueTitleIsNumber: { .issues($0.issue(of: $1, &$2)) }
        case .runWithoutBranch, .runConclusionIsUnknown: { .workflowRun($0.failedRun(of: $1, &$2)) }
        default: { $0.event(of: $1, &$2) }
        }
    }

    private mutating func redeliver() {
        let earlier = deliveries.suffix(400).filter { $0.isStored && !$0.isRedelivery }
        guard !earlier.isEmpty else { return add(.ordinary) }
        var again = random.pick(earlier)
        again.isRedelivery = true
        deliveries.append(again)
    }

    private mutating func heal() {
        guard !refused.isEmpty else { return add(.ordinary) }
        var again = deliveries[refused.remove(at: random.number(below: refused.count))]
        again.flaw = nil
        deliveries.append(again)
    }
}

extension PlannedDelivery {
    /// Whether it arrives in a topic.
    var isStored: Bool {
        if case .ping = event { return false }
        guard let flaw else { return true }
        return flaw.refusal == nil && flaw.doorReason == nil
    }

    var expectation: GitHubDelivery.Expectation {
        if let status = flaw?.refusal { return .refused(status: status) }
        if let reason = flaw?.doorReason { return .deadLettered(reason: reason) }
        if case .ping = event { return .filtered }
        return .stored(topic: event.topic)
    }
}
