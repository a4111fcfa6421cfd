import ConnectorKit
import Contracts
import Delivery
import JSON
import Log
import LogTesting
import Logging
import Synchronization
import Telemetry
import TestKit
import Testing

@testable import Worker

@Suite(.timeLimit(.minutes(1)))
struct ConnectorRuntimeTests {
    private struct Broken: Error, CustomStringConvertible {
        var description: String { "no such secret" }
    }

    private static func built(_ sink: ScriptedSink) -> PlanBuilder.Built {
        PlanBuilder.Built(
            plan: .delivering(to: sink),
            source: .log(LogSourceSettings(topics: ["in"])),
            kind: .log
        )
    }

    @Test
    func aConnectorThatFailsIsStartedAgainAfterLongerAndLongerWaits() async throws {
        let clock = ManualClock()
        let rig = Rig(clock: RuntimeClock(clock) { clock.timestamp })
        let starts = Mutex<[Duration]>([])
        let sink = ScriptedSink()
        let runtime = ConnectorRuntime(rig.name, workerID: "w", environment: rig.environment()) {
            let count = starts.withLock { starts in
                starts.append(clock.now.sinceStart)
                return starts.count
            }
            if count < 5 { throw Broken() }
            return Self.built(sink)
        }
        try await rig.createInput()
        try await rig.produce(["a"])
        let running = Task { await runtime.run() }
        for (index, wait) in [500, 1000, 2000, 4000].enumerated() {
            await clock.waitForSleepers(1)
            #expect(rig.state == .failed(detail: "no such secret"))
            clock.advance(by: .milliseconds(wait))
            try await eventually("the next start") { starts.withLock(\.count) > index + 1 }
        }
        try await sink.waitForDeliveries(1)
        #expect(rig.state == .running)
        #expect(starts.withLock { $0 } == [0, 500, 1500, 3500, 7500].map { .milliseconds($0) })
        await runtime.stop()
        await running.value
        #expect(rig.state == .stopped)
        #expect(rig.committed()?.offset == 1)
    }

    @Test
    func aStopDuringTheWaitForARestartIsHeardAtOnce() async throws {
        let clock = ManualClock()
        let rig = Rig(clock: RuntimeClock(clock) { clock.timestamp })
        let runtime = ConnectorRuntime(rig.name, workerID: "w", environment: rig.environment()) { throw Broken() }
        let running = Task { await runtime.run() }
        await clock.waitForSleepers(1)
        await runtime.stop()
        await running.value
    }

    @Test
    func sinksAndClientsAreClosedWhenTheConnectorCannotStart() async throws {
        let clock = ManualClock()
        let rig = Rig(clock: RuntimeClock(clock) { clock.timestamp })
        let sink = ScriptedSink()
        rig.log.failNext(.openProducer, with: .transient)
        let runtime = ConnectorRuntime(rig.name, workerID: "w", environment: rig.environment()) { Self.built(sink) }
        let running = Task { await runtime.run() }
        await clock.waitForSleepers(1)
        #expect(sink.isClosed)
        #expect(rig.log.memberCount(of: "busbar.tickets") == 0)
        await runtime.stop()
        await running.value
    }

    @Test
    func aConnectorWithDedupeCanBeRestartedInTheSameProcess() async throws {
        let clock = ManualClock()
        let rig = Rig(clock: RuntimeClock(clock) { clock.timestamp })
        let calls = Atomic(0)
        let sink = ScriptedSink { records, _ in
            let call = calls.wrappingAdd(1, ordering: .relaxed).newValue
            return records.map { _ in call == 1 ? .fatal(detail: "gone") : .delivered }
        }
        let runtime = ConnectorRuntime(rig.name, workerID: "w", environment: rig.environment()) {
            var built = Self.built(sink)
            built.plan.dedupe = DedupePlan(key: .header("ce_id"), window: .seconds(60))
            return built
        }
        try await rig.createInput()
        try await rig.produce(["a"], headers: [Header("ce_id", "1")])
        let running = Task { await runtime.run() }
        try await eventually("it failed") { rig.state == .failed(detail: "the sink cannot go on: gone") }
        try await advance(clock, until: "it is delivered") { sink.delivered.count == 1 }
        await runtime.stop()
        await running.value
        #expect(rig.committed()?.offset == 1)
    }
}

@Suite
struct StatusTests {
    @Test
    func reportsAreJSONWithTheAccounting() throws {
        let board = StatusBoard()
        board.add("b")
        board.add("a")
        board.change("a") { _ = $0.onStarted() }
        board.count("a") { accounting in
            accounting.onConsumed(3)
            accounting.onSettled(.delivered)
            accounting.onSettled(.deadLettered(.schema))
            accounting.inFlight = 1
        }
        board.change("b", detail: "broker \"away\"") { _ = $0.onFailure("x") }
        let report = StatusReport(board)
        let readiness = report.readiness()
        #expect(!readiness.ready)
        #expect(
            String(decoding: readiness.json, as: UTF8.self)
                == #"{"ready":false,"connectors":[{"connector":"a","state":"running","ready":true,"detail":""},"#
                + #"{"connector":"b","state":"failed","ready":false,"detail":"broker \"away\""}]}"#
        )
        let lines = String(decoding: report.connectors(), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines.first
                == #"{"connector":"a","state":"running","detail":"","consumed":3,"delivered":1,"filtered":0,"duplicate":0,"dead_lettered":{"schema":1},"in_flight":1,"residue":0,"partitions":0,"lag":0}"#
        )
    }

    @Test
    func aPauseIsOverWhenItsReasonIsGone() {
        let board = StatusBoard()
        board.add("a")
        board.change("a") { _ = $0.onStarted() }
        board.pause("a", .credentials, detail: "401")
        board.pause("a", .deadLetters, detail: "no broker")
        board.resume("a", from: .target)
        board.resume("a", from: .credentials)
        #expect(board.snapshot().first?.entry.lifecycle.state == .paused([.deadLetters]))
        board.resume("a", from: .deadLetters)
        #expect(board.snapshot().first?.entry.lifecycle.state == .running)
        #expect(StatusReport(board).readiness().ready)
    }
}
