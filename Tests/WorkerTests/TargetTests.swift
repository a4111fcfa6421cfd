import ConnectorKit
import Delivery
import Log
import LogTesting
import Synchronization
import TestKit
import Testing

@testable import Worker

/// How a driver treats a target that wants to be left alone.
@Suite(.timeLimit(.minutes(2)))
struct TargetTests {
    let clock = ManualClock()
    let rig: Rig

    init() {
        let clock = clock
        rig = Rig(clock: RuntimeClock(clock) { clock.timestamp })
    }

    private func run(
        _ sink: ScriptedSink,
        _ count: Int = 1,
        inFlight: Int = 8,
        _ change: (inout ConnectorPlan) throws -> Void = { _ in }
    ) async throws -> RunningDriver<DeliveryDriver> {
        try await rig.createInput()
        try await rig.produce((0..<count).map(String.init))
        var plan = ConnectorPlan.delivering(to: sink, inFlight: inFlight)
        try change(&plan)
        return try await rig.deliver(plan) { $0.commitInterval = .zero }
    }

    @Test
    func refusedCredentialsPauseTheConnectorAndBurnNothing() async throws {
        let isRefusing = Atomic(true)
        let sink = ScriptedSink { records, _ in
            records.map { _ in
                isRefusing.load(ordering: .relaxed) ? .pause(.credentials, detail: "401") : .delivered
            }
        }
        // The clock jumps by minutes, also while an attempt is under way: that must not end it.
        let running = try await run(sink, 20) { $0.delivery.timeout = .seconds(86_400) }
        try await eventually("paused") { rig.state == .paused([.credentials]) }
        // Far beyond the attempts and the time that retries would be given.
        for _ in 0..<40 {
            let seen = sink.begun
            try await advance(clock, by: .seconds(61), until: "another try") { sink.begun > seen }
        }
        #expect(rig.log.records(in: "tickets.dlq").isEmpty)
        #expect(rig.committed() == nil)
        isRefusing.store(false, ordering: .relaxed)
        try await advance(clock, by: .seconds(61), until: "everything is delivered") { sink.delivered.count == 20 }
        try await eventually("running") { rig.state == .running }
        try await running.stop()
        #expect(rig.committed()?.offset == 20)
    }

    @Test
    func aTargetThatAsksForTimeIsLeftAloneByAllRecords() async throws {
        let times = Mutex<[Duration]>([])
        let clock = clock
        let sink = ScriptedSink { records, call in
            times.withLock { $0.append(clock.now.sinceStart) }
            return records.map { _ in
                call == 1 ? .retry(.rateLimit, after: .seconds(30), detail: "429") : .delivered
            }
        }
        let running = try await run(sink, 5, inFlight: 1)
        try await advance(clock, until: "all are delivered") { sink.delivered.count == 5 }
        try await running.stop()
        let after = times.withLock { $0 }
        #expect(after.count == 6)
        #expect(after.dropFirst().allSatisfy { $0 - after[0] >= .seconds(30) })
    }

    @Test
    func aFailingTargetIsProbedAndNotFlooded() async throws {
        let isDown = Atomic(true)
        let sink = ScriptedSink { records, _ in
            records.map { _ in isDown.load(ordering: .relaxed) ? .retry(.target5xx, detail: "503") : .delivered }
        }
        let running = try await run(sink, 100, inFlight: 1) { plan in
            plan.delivery.retry = .fast(attempts: 1000)
        }
        // The breaker opens after five failures in a row.
        try await advance(clock, by: .milliseconds(1), until: "five failures") { sink.begun == 5 }
        try await advance(clock, by: .milliseconds(100), until: "20 s") { clock.now.sinceStart >= .seconds(20) }
        #expect(sink.begun <= 10, "1 s of rest, then 2, 4 and 8 s, then 10 s")
        #expect(rig.board.detail(of: rig.name).hasPrefix("the target fails (target_5xx: 503); it is tried again in "))
        isDown.store(false, ordering: .relaxed)
        try await advance(clock, until: "all are delivered") { sink.delivered.count == 100 }
        #expect(rig.board.detail(of: rig.name).isEmpty, "it is well again")
        try await running.stop()
        #expect(rig.committed()?.offset == 100)
    }

    @Test
    func restsOfTheTargetDoNotCountAgainstTheRetryDeadline() async throws {
        let sink = ScriptedSink { records, call in
            records.map { _ in
                switch call {
                case 1: .retry(.target5xx)
                case 2...30: .pause(.credentials, detail: "401")
                case 31: .retry(.target5xx)
                default: .delivered
                }
            }
        }
        let running = try await run(sink) { plan in
            plan.delivery.retry = try RetrySchedule(
                attempts: 8,
                initial: .milliseconds(1),
                max: .milliseconds(1),
                jitter: .none,
                within: .seconds(600)
            )
        }
        try await eventually("the first failure") { sink.calls.count == 1 }
        try await advance(clock, by: .milliseconds(1), until: "the second attempt") { sink.begun > 1 }
        for refusal in 1...29 {
            while await running.driver.targets[0].refusals < refusal { await Task.yield() }
            clock.advance(by: .seconds(60))
            try await sink.waitForCalls(refusal + 2)
        }
        try await advance(clock, by: .milliseconds(1), until: "it is delivered") { sink.delivered.count == 1 }
        #expect(clock.now.sinceStart > .seconds(900))
        try await running.stop()
        #expect(rig.log.records(in: "tickets.dlq").isEmpty)
    }

    @Test
    func requestsKeepToTheRate() async throws {
        let times = Mutex<[Duration]>([])
        let clock = clock
        let sink = ScriptedSink { records, _ in
            times.withLock { $0.append(clock.now.sinceStart) }
            return records.map { _ in .delivered }
        }
        let running = try await run(sink, 11) { $0.delivery.limiter = try RateLimiter(rate: 2) }
        try await advance(clock, by: .milliseconds(100), until: "all are delivered") { sink.delivered.count == 11 }
        try await running.stop()
        let all = times.withLock { $0.sorted() }
        for (index, time) in all.enumerated() { #expect(time >= .milliseconds(500) * index) }
    }

    @Test
    func anAttemptThatTakesTooLongIsGivenUpAndTriedAgain() async throws {
        let sink = ScriptedSink { records, call in
            if call == 1 { await Gate().pass() }
            return records.map { _ in call == 1 ? .retry(.unknown, detail: "cancelled") : .delivered }
        }
        let running = try await run(sink)
        try await sink.waitForCalls(1)
        try await advance(clock, until: "it is delivered") { sink.delivered.count == 1 }
        #expect(clock.now.sinceStart >= .seconds(10))
        try await running.stop()
        #expect(sink.calls.count == 2)
    }
}
