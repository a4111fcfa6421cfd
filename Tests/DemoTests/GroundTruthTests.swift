import Demo
import Testing

@Suite struct GroundTruthTests {
    private static let truth = GitHubDay(secret: "hush", count: 1_200).truth

    @Test func everyAccountBalances() {
        #expect(Self.truth.accounts.count == 4)
        for (connector, account) in Self.truth.accounts { #expect(account.residue == 0, "\(connector)") }
    }

    @Test func theConnectorsConsumeWhatTheFirstOneWrote() {
        let accounts = Self.truth.accounts
        let stored = Self.truth.topics.values.reduce(0, +)
        #expect(accounts["github-events"]?.delivered == stored)
        #expect(accounts["audit-archive"]?.consumed == stored)
        #expect(accounts["github-incident-to-ticket"]?.consumed == Self.truth.topics["github.issues"])
        #expect(accounts["ci-failure-to-ticket"]?.consumed == Self.truth.topics["github.workflow-run"])
        #expect(accounts["github-events"]?.consumed == Self.truth.statuses[202])
    }

    @Test func eachEventIsInOneTicketOnly() {
        let events = Self.truth.tickets.flatMap(\.events)
        #expect(Set(events).count == events.count)
    }

    @Test func theTruthDoesNotDifferFromItself() {
        let record = TicketRecord(tickets: Self.truth.tickets.shuffled(), counts: .init())
        let differences = Self.truth.differences(
            statuses: Self.truth.statuses,
            record: record,
            accounts: Self.truth.accounts
        )
        #expect(differences.isEmpty)
    }

    @Test func everyKindOfDifferenceIsToldInASentence() throws {
        let truth = Self.truth
        var tickets = truth.tickets
        let lost = tickets.removeFirst()
        tickets.append(tickets[0])
        let reported = tickets[1].externalKey
        tickets[1].events.append("surplus")
        var accounts = truth.accounts
        accounts["audit-archive"]?.delivered -= 1
        accounts["github-events"]?.deadLettered["schema"] = 0
        accounts["ci-failure-to-ticket"] = nil
        var statuses = truth.statuses
        statuses[500] = 1

        let differences = truth.differences(
            statuses: statuses,
            record: TicketRecord(tickets: tickets, counts: .init()),
            accounts: accounts
        )

        #expect(differences.contains("0 deliveries were to be answered 500, and 1 were"))
        #expect(differences.contains("ci-failure-to-ticket gives no account"))
        #expect(differences.contains { $0.hasPrefix("audit-archive: ") && $0.contains("to be delivered") })
        #expect(differences.contains { $0.contains("dead-lettered as schema, and 0 are") })
        #expect(
            differences.contains {
                $0 == "event \(lost.events[0]) was to open a ticket for \(lost.externalKey), and did not"
            }
        )
        #expect(differences.contains { $0.contains("opened more than one ticket") })
        #expect(differences.contains { $0.contains(reported) && $0.contains("surplus") })
        #expect(differences.count == 7, "\(differences)")
    }

    @Test func aTicketThatNobodyWantedIsADifference() {
        let stray = Ticket(externalKey: "incident/acme/api#1", openedBy: "stray")
        let differences = Self.truth.differences(tickets: Self.truth.tickets + [stray])
        #expect(differences == ["there is a ticket for incident/acme/api#1 that event stray was not to open"])
    }
}
