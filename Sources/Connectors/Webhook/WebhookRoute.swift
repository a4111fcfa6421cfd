internal import ConnectorKit
internal import HTTPTypes
internal import HummingbirdCore
internal import Log
internal import NIOCore
internal import Synchronization

/// One connector's path on a listener: judges requests and hands their records to the intake.
///
/// ```
/// open ──close()──▶ draining (503 for new requests) ──last request answered──▶ drained
/// ```
final class WebhookRoute: Sendable {
    private struct State {
        var isOpen = true
        var active = 0
        var drained: [CheckedContinuation<Void, Never>] = []
    }

    let settings: WebhookSettings
    private let intake: any Intake
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    init(_ settings: WebhookSettings, intake: any Intake, now: @escaping @Sendable () -> Timestamp) {
        self.settings = settings
        self.intake = intake
        self.now = now
    }

    /// Answers one request. 2xx only after the intake has taken the record.
    /// `invite` sends `100 Continue`; it is called when the head alone gives no reason to refuse.
    /// - Throws: when the client has gone, so that there is nobody to answer.
    @concurrent
    func answer(
        _ request: Request,
        on channel: any Channel,
        invite: @concurrent () async throws -> Void
    ) async throws -> WebhookAnswer {
        guard enter() else { return .unavailable(retryAfter: 1, closes: true) }
        defer { leave() }
        let head = WebhookHead(request.head, settings: settings)
        if let refusal = head.refusal { return refusal }
        if head.expectsInvitation { try await invite() }
        switch try await body(of: request, on: channel) {
        case .failure(let refusal): return refusal.answer
        case .success(let body): return await accept(body, head)
        }
    }

    /// Refuses new requests and returns when those under way have their answer.
    func drain() async {
        await withCheckedContinuation { continuation in
            let isDrained = state.withLock { state in
                state.isOpen = false
                if state.active > 0 { state.drained.append(continuation) }
                return state.active == 0
            }
            if isDrained { continuation.resume() }
        }
    }

    private func enter() -> Bool {
        state.withLock { state in
            if state.isOpen { state.active += 1 }
            return state.isOpen
        }
    }

    private func leave() {
        let waiters = state.withLock { state in
            state.active -= 1
            guard state.active == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.drained = [] }
            return state.drained
        }
        for waiter in waiters { waiter.resume() }
    }

    private func accept(_ body: [UInt8], _ head: WebhookHead) async -> WebhookAnswer {
        if let refusal = head.authenticate(body) { return refusal }
        do {
            let delivery = WebhookDelivery(fields: head.fields, path: settings.path, received: now())
            var record =
                switch settings.profile {
                case .github: try delivery.gitHubRecord(body)
                case .none: try delivery.plainRecord(body)
                }
            record.key = settings.key?(record)
            let outcomes = try await intake.accept([record], position: nil)
            guard let outcome = outcomes.first else { return .unavailable(retryAfter: 5, closes: false) }
            return WebhookAnswer(outcome, id: record.id)
        } catch let malformed as WebhookDelivery.Malformed {
            return .problem(400, "Bad Request", malformed.detail)
        } catch let error as IntakeError {
            return WebhookAnswer(error)
        } catch {
            return .unavailable(retryAfter: 5, closes: false)
        }
    }
}

extension WebhookRoute {
    private struct Refusal: Error {
        let answer: WebhookAnswer
    }

    private func body(of request: Request, on channel: any Channel) async throws -> Result<[UInt8], Refusal> {
        let watch = BodyWatch(settings)
        var bytes: [UInt8] = []
        do {
            let fits = try await watch.watching(channel) {
                for try await part in request.body {
                    guard watch.add(part.readableBytes) <= settings.maxBody else { return false }
                    bytes += part.readableBytesView
                }
                return true
            }
            guard fits else { return .failure(Refusal(answer: .tooLarge(limit: settings.maxBody))) }
        } catch {
            guard watch.isTooSlow else { throw error }
        }
        guard !watch.isTooSlow else {
            return .failure(
                Refusal(answer: .problem(408, "Request Timeout", "The body came too slowly.", closes: true))
            )
        }
        if let length = request.headers[.contentLength].flatMap(Int.init), length != bytes.count {
            return .failure(Refusal(answer: .problem(400, "Bad Request", "The body is cut short.", closes: true)))
        }
        return .success(bytes)
    }
}
