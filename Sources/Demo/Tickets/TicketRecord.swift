internal import JSON

/// What the ticket system says it did: its answer to `GET /api/tickets`.
///
/// NDJSON: a line for each ticket in the order of opening, and a last line with the counts.
package struct TicketRecord: Sendable, Hashable {
    /// Of requests to the `POST` routes.
    package struct Counts: Sendable, Hashable {
        /// With the right token, whatever became of them.
        package var requests = 0
        /// Answered from memory: the idempotency key was served before.
        package var repeats = 0
        /// Refused by the outage script.
        package var refused = 0
        /// Never answered, by the outage script.
        package var hung = 0
        /// Refused for their content.
        package var invalid = 0
        package var unauthorized = 0

        package init() {}
    }

    package var tickets: [Ticket]
    package var counts: Counts

    package init(tickets: [Ticket], counts: Counts) {
        self.tickets = tickets
        self.counts = counts
    }

    /// Reads the answer.
    /// - Throws: ``DemoError`` `invalid_record`, or what is wrong with the JSON.
    package init(ndjson: [UInt8]) throws {
        self.init(tickets: [], counts: Counts())
        var hasCounts = false
        for line in ndjson.split(separator: UInt8(ascii: "\n")) {
            try JSONDocument(Array(line)).withRoot { root in
                if let requests = root["requests"] {
                    counts = Counts(requests: requests, root)
                    hasCounts = true
                } else {
                    tickets.append(try Ticket(root))
                }
            }
        }
        guard hasCounts else {
            throw DemoError(.invalidRecord, "the ticket record has no line with counts: it was cut short")
        }
    }

    /// As ``init(ndjson:)`` reads it.
    package var ndjson: [UInt8] {
        var writer = JSONWriter()
        for (index, ticket) in tickets.enumerated() {
            writer.object { object in
                object.member("number", index + 1)
                object.member("external_key", ticket.externalKey)
                object.member("state", ticket.state.rawValue)
                object.array("events") { events in
                    for event in ticket.events { events.value(event) }
                }
                object.member("closed_by", optional: ticket.closedBy)
            }
            writer.newline()
        }
        writer.object { object in
            for (name, value) in Counts.members { object.member(name, counts[keyPath: value]) }
        }
        writer.newline()
        return writer.bytes
    }
}

extension TicketRecord.Counts {
    fileprivate static var members: [(String, WritableKeyPath<Self, Int>)] {
        [
            ("requests", \.requests), ("repeats", \.repeats), ("refused", \.refused), ("hung", \.hung),
            ("invalid", \.invalid), ("unauthorized", \.unauthorized),
        ]
    }

    fileprivate init(requests: JSONValue, _ root: JSONValue) {
        for (name, path) in Self.members { self[keyPath: path] = root[name]?.number?.int64.map(Int.init) ?? 0 }
    }
}

extension Ticket {
    fileprivate init(_ root: JSONValue) throws {
        let events = (root["events"]?.elements).map { $0.compactMap(\.string) } ?? []
        guard let key = root["external_key"]?.string, let first = events.first,
            let state = root["state"]?.string.flatMap(State.init)
        else {
            throw DemoError(.invalidRecord, "a line of the ticket record lacks `external_key`, `events` or `state`")
        }
        self.init(externalKey: key, openedBy: first)
        self.events = events
        self.state = state
        closedBy = root["closed_by"]?.string
    }
}
