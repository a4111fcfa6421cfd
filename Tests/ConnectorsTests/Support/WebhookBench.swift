import AsyncHTTPClient
import ConnectorKit
import Connectors
import Logging
import NIOCore
import NIOHTTP1
import TestKit

/// A running webhook source and a client that sends to it.
struct WebhookBench {
    static let secret = "It's a Secret to Everybody"

    let intake: RecordingIntake
    let address: ListenAddress
    let path: String

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let text: String
    }

    /// Runs a source of `settings` while `body` does.
    static func run(
        _ settings: WebhookSettings,
        intake: RecordingIntake = RecordingIntake(),
        listeners: WebhookListeners = WebhookListeners(logger: Logger(label: "test")),
        _ body: @Sendable (WebhookBench) async throws -> Void
    ) async throws {
        let address = Observed<ListenAddress?>(nil)
        let settings = try settings.reporting { bound in address.update { $0 = bound } }
        let source = WebhookSource(settings, listeners: listeners, now: { testTime })
        try await withThrowingTaskGroup { group in
            group.addTask { try await source.run(into: intake) }
            let state = try await intake.state { !$0.ready.isEmpty }
            #if DEBUG
                precondition(state.ready.count == 1)
            #endif
            guard let bound = address.value else { throw CancellationError() }
            try await body(WebhookBench(intake: intake, address: bound, path: settings.path))
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    static func github(
        maxBody: Int? = nil,
        secrets: [String] = [secret],
        address: ListenAddress? = nil,
        path: String = "/github",
        onResponse: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> WebhookSettings {
        try WebhookSettings(
            address: address ?? ListenAddress(host: "127.0.0.1", port: 0),
            path: path,
            profile: .github(secrets: { secrets.map { Array($0.utf8) } }),
            maxBody: maxBody,
            onResponse: onResponse
        )
    }

    /// The headers of a GitHub delivery.
    static func headers(
        _ body: String,
        id: String = "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        event: String = "issues",
        secret: String = secret
    ) -> [(String, String)] {
        [
            ("Content-Type", "application/json"), ("X-GitHub-Delivery", id), ("X-GitHub-Event", event),
            ("X-Hub-Signature-256", GitHubSignature.sign(Array(body.utf8), secret: Array(secret.utf8))),
        ]
    }

    func send(
        _ body: String,
        _ headers: [(String, String)],
        method: HTTPMethod = .POST,
        path: String? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://\(address)\(path ?? self.path)")
        request.method = method
        request.headers = HTTPHeaders(headers)
        if method != .GET { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        return Answer(status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes))
    }
}

extension WebhookSettings {
    /// The same settings with another listener for the bound address.
    func reporting(_ onListening: @escaping @Sendable (ListenAddress) -> Void) throws -> WebhookSettings {
        try WebhookSettings(
            address: address,
            path: path,
            profile: profile,
            maxBody: maxBody,
            contentTypes: contentTypes,
            bodyTimeout: bodyTimeout,
            minRate: minRate,
            bodyGrace: bodyGrace,
            key: key,
            onResponse: onResponse,
            onListening: onListening
        )
    }
}
