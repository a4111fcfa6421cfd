import Dev
import Foundation
import LocalStack
import Synchronization
import TestKit
import Testing

/// The broker is gone for 15 s while events come in over HTTP and go out over HTTP.
///
/// It is killed while deliveries are under way: what it has acknowledged is on its disk.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct BrokerOutageTests {
    @Test func whatTheWebhookAcceptedIsStoredAndDeliveredAcrossAnOutage() async throws {
        try await Bench.run { bench in
            let target = try await FakeTarget.start()
            let port = try LoopbackPort.free()
            let worker = try await bench.worker(connectors: try bench.outageConnectors(port, target)).start()
            try await worker.ready()
            let senders = Senders(url: "http://127.0.0.1:\(port)/in")
            async let sending: Void = senders.run(lanes: 8)
            try await poll("300 deliveries are accepted", within: .seconds(30)) { senders.accepted >= 300 ? () : nil }

            try await bench.broker.kill()
            let gone = ContinuousClock.now
            try await poll("the webhook refuses", within: .seconds(15)) { senders.refused > 0 ? () : nil }
            let noticed = gone.duration(to: .now)
            let before = senders.accepted
            try await Task.sleep(until: gone.advanced(by: .seconds(15)))  // the length of the outage
            #expect(senders.accepted == before, "deliveries were accepted while there was no broker")
            #expect(worker.process.isRunning)

            try await bench.broker.restart()
            let back = ContinuousClock.now
            try await poll("deliveries are accepted again", within: .seconds(60)) {
                senders.accepted > before ? () : nil
            }
            let recovered = back.duration(to: .now)
            try await poll("300 more are accepted", within: .seconds(60)) {
                senders.accepted >= before + 300 ? () : nil
            }
            senders.stop()
            try await sending
            try await check(bench, senders, target, worker)
            print(
                "broker away for 15 s: first refusal after \(noticed), first 202 after its return \(recovered);",
                "answers \(senders.statuses)"
            )
            try await target.stop()
        }
    }

    private func check(_ bench: Bench, _ senders: Senders, _ target: FakeTarget, _ worker: RunningWorker) async throws {
        let accepted = senders.acceptedNumbers
        #expect(Set(senders.statuses.keys).isSubset(of: [202, 429, 503]))
        let stored = try await bench.records(of: "outage.in").compactMap(\.eventNumber)
        #expect(Set(accepted).subtracting(stored).isEmpty, "accepted and not stored")
        #expect(stored.count == Set(stored).count, "stored twice")
        let report = try await worker.settled("outage-out", consumed: stored.count)
        #expect(report.residue == 0)
        #expect(report.delivered == stored.count)
        #expect(Set(target.effects.compactMap { OutputEvent($0.body)?.number }) == Set(stored))
        #expect(target.effects.count == stored.count)
        let door = try await worker.settled("outage-in", consumed: accepted.count)
        #expect(door.residue == 0)
        #expect(try await worker.stop() == 0)
    }
}

/// Clients of a webhook that send one delivery after the other until they are stopped.
private final class Senders: Sendable {
    private struct State {
        var next = 0
        var accepted: [Int] = []
        var statuses: [Int: Int] = [:]
        var isStopped = false
    }

    private let url: String
    private let state = Mutex(State())

    init(url: String) { self.url = url }

    var accepted: Int { state.withLock { $0.accepted.count } }
    var acceptedNumbers: [Int] { state.withLock { $0.accepted } }
    var refused: Int { state.withLock { $0.statuses.filter { $0.key != 202 }.values.reduce(0, +) } }
    var statuses: [Int: Int] { state.withLock { $0.statuses } }

    func stop() { state.withLock { $0.isStopped = true } }

    func run(lanes: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<lanes { group.addTask { try await self.send(lane) } }
            try await group.waitForAll()
        }
    }

    private func send(_ lane: Int) async throws {
        while let number = take() {
            let status = try await post(Array(#"{"n":\#(number),"key":"lane-\#(lane)"}"#.utf8), to: url)
            state.withLock { state in
                state.statuses[status, default: 0] += 1
                if status == 202 { state.accepted.append(number) }
            }
            // A sender that was refused waits; a storm of refusals tells nothing.
            if status != 202 { try await Task.sleep(for: .milliseconds(100)) }
        }
    }

    private func take() -> Int? {
        state.withLock { state in
            guard !state.isStopped else { return nil }
            state.next += 1
            return state.next
        }
    }
}

extension Bench {
    fileprivate func outageConnectors(_ port: Int, _ target: FakeTarget) throws -> [String] {
        let door = """
            connector: outage-in
            description: Of a test.
            owner: tests
            from:
              webhook: { listen: "127.0.0.1:\(port)", path: /in, profile: none, key: .key }
            to:
              kafka: { topic: outage.in }

            """
        let out = """
            connector: outage-out
            description: Of a test.
            owner: tests
            from:
              kafka: { topic: outage.in }
            dedupe: { key: header.ce_id, window: 1d }
            to:
              http: { url: \(target.url)/events, idempotency_key: true }

            """
        return [try write(door, to: "outage-in.yaml"), try write(out, to: "outage-out.yaml")]
    }
}
