import Delivery
import LogTesting
import TestKit
import Testing

@testable import Worker

@Suite(.timeLimit(.minutes(1)))
struct DoorbellTests {
    private let clock = ManualClock()
    private var runtimeClock: RuntimeClock {
        let clock = clock
        return RuntimeClock(clock) { clock.timestamp }
    }

    @Test
    func aRingAfterTheTicketIsHeardAlthoughTheWaitBeginsLater() async {
        let bell = Doorbell()
        let ticket = bell.ticket()
        bell.ring()
        #expect(await bell.wait(for: ticket))
        #expect(bell.waiters == 0)
    }

    @Test
    func aRingBeforeTheTicketIsNotHeard() async throws {
        let bell = Doorbell()
        bell.ring()
        let clock = runtimeClock
        let waiting = Task { await bell.wait(for: bell.ticket(), atMost: .seconds(1), clock: clock) }
        await self.clock.waitForSleepers(1)
        self.clock.advance(by: .seconds(1))
        #expect(await waiting.value == false)
        #expect(bell.waiters == 0)
    }

    @Test
    func ringsWakeTheLongestWaitingFirstAndNoMoreThanAsked() async {
        let bell = Doorbell()
        let tickets = (0..<3).map { _ in bell.ticket() }
        bell.ring(upTo: 2)
        #expect(await bell.wait(for: tickets[0]))
        #expect(await bell.wait(for: tickets[1]))
        #expect(bell.waiters == 1)
        bell.ring(upTo: 5)
        #expect(await bell.wait(for: tickets[2]))
    }

    @Test
    func cancellationEndsTheWaitWithoutARing() async {
        let bell = Doorbell()
        let waiting = Task { await bell.wait(for: bell.ticket()) }
        waiting.cancel()
        #expect(await waiting.value == false)
        #expect(bell.waiters == 0)
    }

    @Test
    func everyWaitEndsAndNothingIsLeftWhateverComesFirst() async throws {
        let bell = Doorbell()
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<300 {
                let ticket = bell.ticket()
                group.addTask {
                    await bell.wait(for: ticket, atMost: .microseconds(number % 7 * 100), clock: .system)
                }
                if number % 3 == 0 { bell.ring(upTo: 2) }
            }
            for await _ in group {}
        }
        #expect(bell.waiters == 0)
    }
}

/// Counts on a thread of its own.
private actor Counter {
    private let executor = BlockingExecutor(label: "test")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private(set) var value = 0

    func increment() {
        let before = value
        value = before + 1
    }
}

@Suite(.timeLimit(.minutes(1)))
struct BlockingExecutorTests {
    @Test
    func jobsOfAnActorNeverOverlap() async {
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<1000 { group.addTask { await counter.increment() } }
        }
        #expect(await counter.value == 1000)
    }
}
