internal import AsyncHTTPClient
internal import Demo
internal import Foundation
internal import LocalStack
internal import NIOCore

/// The main job from end to end: a day of GitHub deliveries through the shipped connectors, checked against the truth.
package struct DemoRun: Sendable {
    private let stack: DevStack
    private let day: GitHubDay

    /// - Parameter stack: running, with nothing in it yet.
    package init(_ stack: DevStack) {
        self.stack = stack
        day = GitHubDay(secret: stack.secrets.webhook, count: stack.layout.count)
    }

    /// Sends the day, waits until every record has its outcome, and compares.
    /// - Throws: when a process ends under it, or nothing moves for a minute.
    package func run() async throws -> DemoReport {
        let progress = Progress()
        let began = ContinuousClock.now
        progress.begin("sending deliveries ", total: day.count)
        let statuses = try await DeliverySender(day, to: stack.webhookURL).send { progress.advance() }
        let sent = ContinuousClock.now
        let connectors = try await settle(progress)
        let settled = ContinuousClock.now
        progress.end()
        let probe = WorkerProbe(stack.workerURL)
        let record = try await tickets()
        return DemoReport(
            deliveries: day.count,
            eventTypes: day.eventCounts.count,
            statuses: statuses,
            connectors: connectors,
            latencies: try await probe.latencies([0.5, 0.95]),
            tickets: record,
            truth: day.truth,
            sending: began.duration(to: sent),
            settling: sent.duration(to: settled)
        )
    }

    /// Waits until every connector has consumed what it must and nothing is in flight.
    private func settle(_ progress: Progress) async throws -> [WorkerProbe.Connector] {
        let probe = WorkerProbe(stack.workerURL)
        let expected = day.truth.accounts.values.reduce(0) { $0 + $1.consumed }
        progress.begin("delivering         ", total: expected)
        var last: [WorkerProbe.Connector] = []
        var moved = ContinuousClock.now
        while true {
            guard stack.worker.isRunning else {
                throw LocalStackError("busbar-worker ended; see \(stack.log(of: "worker").path)")
            }
            let connectors = try await probe.connectors()
            let open = connectors.reduce(0) { $0 + $1.inFlight }
            let consumed = connectors.reduce(0) { $0 + $1.consumed }
            progress.advance(to: min(expected, consumed - open))
            if open == 0, consumed >= expected { return connectors }
            if connectors != last {
                last = connectors
                moved = .now
            }
            // What is stuck is a finding, which the comparison reports; it is not a reason to wait for ever.
            if moved.duration(to: .now) > .seconds(60) { return connectors }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func tickets() async throws -> TicketRecord {
        let request = HTTPClientRequest(url: stack.ticketsURL + "/api/tickets")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        return try TicketRecord(ndjson: Array((try await response.body.collect(upTo: 64 << 20)).readableBytesView))
    }
}
