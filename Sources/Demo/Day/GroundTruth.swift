/// What must become of a day, told from what the generator chose; no part of busbar has a say in it.
package struct GroundTruth: Sendable {
    /// What became of the records that a connector took.
    package struct Account: Sendable, Hashable {
        package var consumed = 0
        package var delivered = 0
        package var filtered = 0
        package var duplicate = 0
        /// By DESIGN.md's reasons.
        package var deadLettered: [String: Int] = [:]

        package init(
            consumed: Int = 0,
            delivered: Int = 0,
            filtered: Int = 0,
            duplicate: Int = 0,
            deadLettered: [String: Int] = [:]
        ) {
            self.consumed = consumed
            self.delivered = delivered
            self.filtered = filtered
            self.duplicate = duplicate
            self.deadLettered = deadLettered
        }

        /// `consumed` less everything that has an outcome; 0 when the account balances.
        package var residue: Int {
            consumed - delivered - filtered - duplicate - deadLettered.values.reduce(0, +)
        }
    }

    /// HTTP answers by status.
    package private(set) var statuses: [Int: Int] = [:]
    /// By connector.
    package private(set) var accounts: [String: Account] = [
        Connector.events: Account(), Connector.incidents: Account(), Connector.builds: Account(),
        Connector.archive: Account(),
    ]
    /// Records by topic, redeliveries included.
    package private(set) var topics: [String: Int] = [:]
    /// In no order that a comparison may rely on: tickets about different things are opened concurrently.
    package var tickets: [Ticket] { board.tickets }
    private var board = TicketBoard()

    /// The shipped connectors.
    package enum Connector {
        package static let events = "github-events"
        package static let incidents = "github-incident-to-ticket"
        package static let builds = "ci-failure-to-ticket"
        package static let archive = "audit-archive"
    }

    /// Requests that the ticket system gets at least: one for each record delivered to it.
    package var ticketRequests: Int {
        [Connector.incidents, Connector.builds].reduce(0) { $0 + (accounts[$1]?.delivered ?? 0) }
    }

    init(_ plan: [PlannedDelivery]) {
        for planned in plan { add(planned) }
    }

    private mutating func add(_ planned: PlannedDelivery) {
        statuses[planned.expectation.status, default: 0] += 1
        switch planned.expectation {
        case .refused:
            break
        case .filtered:
            count(Connector.events) { $0.filtered += 1 }
        case .deadLettered(let reason):
            count(Connector.events) { $0.deadLettered[reason, default: 0] += 1 }
        case .stored(let topic):
            topics[topic, default: 0] += 1
            count(Connector.events) { $0.delivered += 1 }
            count(Connector.archive) { $0.settle(planned.isRedelivery ? .duplicate : .delivered) }
            read(planned)
        }
    }

    /// What the connector that reads the event's topic makes of it.
    private mutating func read(_ planned: PlannedDelivery) {
        let repository = GitHubWorld.standard.repositories[planned.repository].fullName
        switch planned.event {
        case .issues(let event):
            let outcome = outcome(of: planned, isWanted: event.isIncident)
            count(Connector.incidents) { $0.settle(outcome) }
            guard outcome == .delivered else { return }
            board.report("incident/\(repository)#\(event.number)", event: planned.id)
        case .workflowRun(let event):
            let outcome = outcome(of: planned, isWanted: event.opensTicket != nil)
            count(Connector.builds) { $0.settle(outcome) }
            guard outcome == .delivered, let opens = event.opensTicket else { return }
            let key = "ci/\(repository)/\(GitHubWorld.workflows[event.workflow].path)@\(event.branch)"
            if opens {
                board.report(key, event: planned.id)
            } else {
                board.close(key, event: planned.id)
            }
        default:
            break
        }
    }

    private func outcome(of planned: PlannedDelivery, isWanted: Bool) -> Account.Outcome {
        if planned.isRedelivery { return .duplicate }
        if planned.flaw?.breaksTopicContract == true { return .deadLettered("schema") }
        return isWanted ? .delivered : .filtered
    }

    private mutating func count(_ connector: String, _ settle: (inout Account) -> Void) {
        var account = accounts[connector] ?? Account()
        account.consumed += 1
        settle(&account)
        accounts[connector] = account
    }
}

extension GroundTruth.Account {
    fileprivate enum Outcome: Equatable {
        case delivered, filtered, duplicate
        case deadLettered(String)
    }

    fileprivate mutating func settle(_ outcome: Outcome) {
        switch outcome {
        case .delivered: delivered += 1
        case .filtered: filtered += 1
        case .duplicate: duplicate += 1
        case .deadLettered(let reason): deadLettered[reason, default: 0] += 1
        }
    }
}
