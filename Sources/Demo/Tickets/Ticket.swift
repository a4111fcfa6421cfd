/// A ticket as the ticket system has it, or as it must have it.
package struct Ticket: Sendable, Hashable {
    package enum State: String, Sendable {
        case open, closed
    }

    /// What the ticket is about: at most one open ticket has it.
    package let externalKey: String
    /// The events that reported it, by their id, in the order of arrival; the first opened the ticket.
    package var events: [String]
    package var state: State
    /// The event that closed it.
    package var closedBy: String?

    package init(externalKey: String, openedBy event: String) {
        self.externalKey = externalKey
        events = [event]
        state = .open
    }
}

/// The tickets of a system, by the order of their opening. Says what a report or a close does to them, and nothing of
/// requests.
package struct TicketBoard: Sendable, Hashable {
    package private(set) var tickets: [Ticket] = []
    private var open: [String: Int] = [:]

    package init() {}

    /// Opens a ticket, or adds the event to the open one.
    /// - Returns: the ticket's index, and whether it is new.
    @discardableResult
    package mutating func report(_ externalKey: String, event: String) -> (index: Int, isNew: Bool) {
        if let index = open[externalKey] {
            tickets[index].events.append(event)
            return (index, false)
        }
        open[externalKey] = tickets.count
        tickets.append(Ticket(externalKey: externalKey, openedBy: event))
        return (tickets.count - 1, true)
    }

    /// Closes the open ticket, if there is one.
    @discardableResult
    package mutating func close(_ externalKey: String, event: String) -> Int? {
        guard let index = open.removeValue(forKey: externalKey) else { return nil }
        tickets[index].state = .closed
        tickets[index].closedBy = event
        return index
    }
}
