extension GroundTruth {
    /// Everything in which the world differs from the truth, as sentences; empty when there is nothing.
    /// - Parameters:
    ///   - statuses: HTTP answers that the sender got, by status.
    ///   - record: the ticket system's own.
    ///   - accounts: what each connector says became of its records.
    /// - Returns: a sentence each.
    package func differences(
        statuses: [Int: Int],
        record: TicketRecord,
        accounts: [String: Account]
    ) -> [String] {
        differences(statuses: statuses) + differences(accounts: accounts) + differences(tickets: record.tickets)
    }

    /// Of the answers that the sender got.
    package func differences(statuses found: [Int: Int]) -> [String] {
        Self.compare(statuses, found) { status, expected, found in
            "\(expected) deliveries were to be answered \(status), and \(found) were"
        }
    }

    /// Of the connectors' accounts. Connectors that the truth knows nothing of are passed over.
    package func differences(accounts found: [String: Account]) -> [String] {
        accounts.sorted { $0.key < $1.key }.flatMap { connector, expected in
            guard let account = found[connector] else { return ["\(connector) gives no account"] }
            return expected.differences(from: account).map { "\(connector): \($0)" }
        }
    }

    /// Of the tickets: each of them once, with the events that reported it, in the state that they left it in.
    package func differences(tickets found: [Ticket]) -> [String] {
        var byOpening: [String: Ticket] = [:]
        var sentences: [String] = []
        for ticket in found {
            let opening = ticket.events.first ?? ""
            if byOpening.updateValue(ticket, forKey: opening) != nil {
                sentences.append("event \(opening) opened more than one ticket for \(ticket.externalKey)")
            }
        }
        for ticket in tickets {
            let opening = ticket.events[0]
            guard let twin = byOpening.removeValue(forKey: opening) else {
                sentences.append("event \(opening) was to open a ticket for \(ticket.externalKey), and did not")
                continue
            }
            sentences += ticket.differences(from: twin)
        }
        sentences += byOpening.values.sorted { $0.externalKey < $1.externalKey }.map {
            "there is a ticket for \($0.externalKey) that event \($0.events.first ?? "?") was not to open"
        }
        return sentences
    }

    fileprivate static func compare<Key: Hashable & Comparable>(
        _ expected: [Key: Int],
        _ found: [Key: Int],
        _ sentence: (Key, Int, Int) -> String
    ) -> [String] {
        Set(expected.keys).union(found.keys).sorted().compactMap { key in
            let (expected, found) = (expected[key] ?? 0, found[key] ?? 0)
            return expected == found ? nil : sentence(key, expected, found)
        }
    }
}

extension GroundTruth.Account {
    /// What differs in `found`, as parts of sentences.
    fileprivate func differences(from found: Self) -> [String] {
        let figures = [
            ("consumed", consumed, found.consumed), ("delivered", delivered, found.delivered),
            ("filtered", filtered, found.filtered), ("duplicate", duplicate, found.duplicate),
        ]
        let differing = figures.filter { $0.1 != $0.2 }.map { "\($0.1) records were to be \($0.0), and \($0.2) are" }
        return differing
            + GroundTruth.compare(deadLettered, found.deadLettered) { reason, expected, found in
                "\(expected) records were to be dead-lettered as \(reason), and \(found) are"
            }
    }
}

extension Ticket {
    fileprivate func differences(from found: Ticket) -> [String] {
        var sentences: [String] = []
        if externalKey != found.externalKey {
            sentences.append("the ticket of event \(events[0]) is about \(found.externalKey), not \(externalKey)")
        }
        if events != found.events {
            sentences.append(
                "the ticket for \(externalKey) was to hold the events \(events.joined(separator: ", ")), and holds "
                    + found.events.joined(separator: ", ")
            )
        }
        if state != found.state || closedBy != found.closedBy {
            let (wanted, actual) = (closedBy ?? "nobody", found.closedBy ?? "nobody")
            sentences.append(
                "the ticket for \(externalKey) was to be \(state) (closed by \(wanted)), and is \(found.state) (closed by \(actual))"
            )
        }
        return sentences
    }
}
