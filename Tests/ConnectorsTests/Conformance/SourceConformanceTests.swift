import ConnectorKit
import Foundation
import Logging
import TestFiles
import TestKit
import Testing

@testable import Connectors

@Suite(.timeLimit(.minutes(2)))
struct SourceConformanceTests {
    @Test(arguments: PullSourceConformance.allCases)
    func file(_ check: PullSourceConformance) async throws {
        try await check.run(on: FileSourceBench())
    }

    @Test(arguments: PushSourceConformance.allCases)
    func webhook(_ check: PushSourceConformance) async throws {
        try await check.run(on: WebhookSourceBench())
    }
}

private struct FileSourceBench: PullSourceBench {
    private let folder = TemporaryFolder()

    init() throws {
        try folder.write("", to: "in.ndjson")
    }

    func makeSource(for reader: String) async throws -> any Source { try source(follow: false) }

    func makeFollowingSource(for reader: String) async throws -> any Source { try source(follow: true) }

    func add(_ payloads: [String]) async throws {
        try folder.append(payloads.map { $0 + "\n" }.joined(), to: "in.ndjson")
    }

    private func source(follow: Bool) throws -> FileSource {
        let settings = try FileSourceSettings(
            path: folder.path("in.ndjson"),
            follow: follow,
            poll: .milliseconds(1),
            batch: 4
        )
        return FileSource(settings, now: { testTime })
    }
}

private struct WebhookSourceBench: PushSourceBench {
    private let bound = Observed<ListenAddress?>(nil)

    func makeSource() async throws -> any Source {
        let settings = try WebhookBench.github().reporting { [bound] address in bound.update { $0 = address } }
        return WebhookSource(settings, listeners: WebhookListeners(logger: Logger(label: "test")), now: { testTime })
    }

    func send(_ payload: String, id: String) async throws -> PushAnswer {
        guard let address = try await bound.value(when: { $0 != nil }) else { throw CancellationError() }
        let bench = WebhookBench(intake: RecordingIntake(), address: address, path: "/github")
        let answer = try await bench.send(payload, WebhookBench.headers(payload, id: id))
        return switch answer.status {
        case 200...299: .accepted
        case 408, 429, 500...599: .later
        default: .refused
        }
    }
}
