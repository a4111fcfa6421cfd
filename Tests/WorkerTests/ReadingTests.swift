import ConnectorKit
import Delivery
import Log
import TestKit
import Testing

@testable import Worker

@Suite(.timeLimit(.minutes(1)))
struct ReadingTests {
    @Test
    func readingARangeEndsWhenItsTaskIsCancelled() async throws {
        let log = InMemoryLog()
        try await log.createTopics([TopicSpecification("in", partitions: 1)])
        let reader = try await log.reader()
        // The range never fills: nothing but the cancellation ends this.
        let reading = Task { try await reader.read(TopicPartition("in", 0), in: 0..<10) { _ in } }
        reading.cancel()
        await #expect(throws: CancellationError.self) { try await reading.value }
        await reader.close()
    }

    @Test
    func driversEndWhenTheirTaskIsCancelled() async throws {
        let rig = Rig()
        try await rig.createInput()
        let sink = ScriptedSink()
        let delivering = try await rig.deliver(.delivering(to: sink))
        try await eventually("it is a member") { rig.log.memberCount(of: "busbar.tickets") == 1 }
        await delivering.crash()
        await #expect(throws: CancellationError.self) { try await delivering.task.value }
        let transacting = try await rig.transact(.copying())
        try await eventually("it is a member") { rig.log.memberCount(of: "busbar.tickets") == 1 }
        await transacting.crash()
        #expect(rig.log.memberCount(of: "busbar.tickets") == 0)
        #expect(sink.isClosed)
    }

    @Test
    func aSourceThatListensEndsWithItsConnector() async throws {
        let rig = Rig()
        let runtime = ConnectorRuntime(rig.name, workerID: "w", environment: rig.environment()) {
            PlanBuilder.Built(plan: .copying(), source: .external(Listener()), kind: .push)
        }
        rig.board.add(rig.name)
        let running = Task { await runtime.run() }
        try await eventually("it listens") { rig.state == .running }
        #expect(StatusReport(rig.board).readiness().ready)
        await runtime.stop()
        await running.value
        #expect(rig.state == .stopped)
    }

    private struct Listener: Source {
        func run(into intake: any Intake) async throws {
            intake.ready("127.0.0.1:1")
            await Gate().pass()
        }
    }
}
