import Log
import Testing

@testable import Kafka

@Suite struct RebalanceLedgerTests {
    private let one = TopicPartition("t", 1)
    private let two = TopicPartition("t", 2)
    private let three = TopicPartition("t", 3)

    /// A ledger that owns `partitions` under the cooperative protocol.
    private func ledger(owning partitions: [TopicPartition]) throws -> RebalanceLedger {
        var ledger = RebalanceLedger()
        ledger.report(.assign, partitions, .cooperative)
        let assign = try ledger.taken()
        #expect(ledger.answer(assign) == [.add(partitions)])
        return ledger
    }

    @Test func answersEachChangeWithTheProtocolsOwnCall() throws {
        var eager = RebalanceLedger()
        eager.report(.assign, [two, one], .eager)
        let assign = try eager.taken()
        #expect(assign.generation == 1)
        #expect(eager.answer(assign) == [.assign([one, two])])
        eager.report(.revoke, [one, two], .eager)
        let revoke = try eager.taken()
        #expect(eager.answer(revoke) == [.unassign])
        #expect(eager.assigned.isEmpty)

        var cooperative = try ledger(owning: [one, two])
        cooperative.report(.revoke, [two], .cooperative)
        let part = try cooperative.taken()
        #expect(cooperative.leaving == [two])
        #expect(cooperative.answer(part) == [.remove([two])])
        #expect(cooperative.assigned == [one])
        #expect(cooperative.leaving.isEmpty)
    }

    @Test func aSecondAnswerDoesNothing() throws {
        var ledger = RebalanceLedger()
        ledger.report(.assign, [one], .eager)
        let assign = try ledger.taken()
        #expect(ledger.answer(assign) != nil)
        #expect(ledger.answer(assign) == nil)
    }

    @Test func aSupersededEagerRevokeDoesNotThrowAwayTheNewAssignment() throws {
        var ledger = RebalanceLedger()
        ledger.report(.assign, [one], .eager)
        _ = ledger.answer(try ledger.taken())
        ledger.report(.revoke, [one], .eager)
        let revoke = try ledger.taken()
        ledger.report(.assign, [one, two], .eager)
        let assign = try ledger.taken()
        #expect(ledger.answer(revoke) == nil)
        #expect(ledger.answer(assign) == [.assign([one, two])])
        #expect(ledger.answer(revoke) == nil)
        #expect(ledger.assigned == [one, two])
    }

    @Test func aSupersededCooperativeRevokeIsPaidWithTheNextAnswer() throws {
        var ledger = try ledger(owning: [one, two])
        ledger.report(.revoke, [two], .cooperative)
        let revoke = try ledger.taken()
        ledger.report(.assign, [three], .cooperative)
        let assign = try ledger.taken()
        #expect(ledger.leaving == [two])
        #expect(ledger.answer(revoke) == nil)
        #expect(ledger.answer(assign) == [.remove([two]), .add([three])])
        #expect(ledger.assigned == [one, three])
    }

    @Test func aPartitionLostAndGainedAgainStartsAfresh() throws {
        var ledger = try ledger(owning: [one])
        ledger.report(.lose, [one], .cooperative)
        let loss = try ledger.taken()
        #expect(loss.change == .lose)
        ledger.report(.assign, [one], .cooperative)
        let assign = try ledger.taken()
        #expect(ledger.answer(assign) == [.remove([one]), .add([one])])
        #expect(ledger.assigned == [one])
    }

    @Test func aRevokeOfWhatWasNeverTakenIsAnsweredWithoutIt() throws {
        var ledger = RebalanceLedger()
        ledger.report(.assign, [one], .cooperative)
        _ = ledger.takeUnread()
        ledger.report(.revoke, [one], .cooperative)
        let revoke = try ledger.taken()
        #expect(ledger.answer(revoke) == [.remove([])])
    }

    @Test func everyRebalanceIsReportedInOrderEvenWhenSuperseded() {
        var ledger = RebalanceLedger()
        ledger.report(.assign, [one], .cooperative)
        ledger.report(.revoke, [one], .cooperative)
        ledger.report(.assign, [two], .cooperative)
        #expect(ledger.takeUnread()?.generation == 1)
        #expect(ledger.takeUnread()?.generation == 2)
        #expect(ledger.takeUnread()?.generation == 3)
        #expect(ledger.takeUnread() == nil)
    }

    @Test(arguments: [
        (RebalanceLedger.Discipline.eager, Rebalance.Change.assign, [RebalanceLedger.Action.unassign]),
        (.eager, .revoke, [.unassign]),
        (.cooperative, .assign, [.add([])]),
        (.cooperative, .revoke, [.remove([])]),
    ])
    func closingAnswersWhatIsOpen(
        discipline: RebalanceLedger.Discipline,
        change: Rebalance.Change,
        expected: [RebalanceLedger.Action]
    ) {
        var ledger = RebalanceLedger()
        ledger.report(change, [one], discipline)
        #expect(ledger.settleForClose() == expected)
        #expect(ledger.settleForClose().isEmpty)
    }

    /// In lockstep with a set: whatever is superseded, what librdkafka has been told equals what the ledger believes.
    @Test func staysInStepWithWhatLibrdkafkaWasTold() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        var ledger = RebalanceLedger()
        var told: Set<TopicPartition> = []
        var late: [Rebalance] = []
        for _ in 0..<5000 {
            if Bool.random(using: &random) {
                let pool = (0..<6).map { TopicPartition("t", PartitionID(rawValue: $0)) }
                let some = pool.filter { _ in Bool.random(using: &random) }
                let change = [Rebalance.Change.assign, .revoke, .lose].randomElement(using: &random) ?? .assign
                ledger.report(change, change == .assign ? some : some.filter(told.contains), .cooperative)
            }
            while let rebalance = ledger.takeUnread() { late.append(rebalance) }
            guard let answered = late.randomElement(using: &random) else { continue }
            let isLatest = answered == late.last
            for action in ledger.answer(answered) ?? [] {
                #expect(isLatest, "a stale answer acted, seed \(seed)")
                switch action {
                case .add(let partitions):
                    #expect(told.isDisjoint(with: partitions), "added twice, seed \(seed)")
                    told.formUnion(partitions)
                case .remove(let partitions):
                    #expect(told.isSuperset(of: partitions), "removed what was not there, seed \(seed)")
                    told.subtract(partitions)
                case .assign, .unassign:
                    Issue.record("eager call under the cooperative protocol, seed \(seed)")
                }
            }
            #expect(ledger.assigned == told, "seed \(seed)")
        }
    }
}

/// Sebastiano Vigna's splitmix64, for runs that a printed seed repeats.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension RebalanceLedger {
    /// The next unread rebalance, which must exist.
    fileprivate mutating func taken() throws -> Rebalance {
        let next = takeUnread()
        return try #require(next)
    }
}
