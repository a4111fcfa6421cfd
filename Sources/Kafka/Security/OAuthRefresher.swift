internal import CLibrdkafka
internal import Glibc
internal import Log
internal import Synchronization

/// Answers librdkafka's wish for a token with what the provider fetches.
///
/// librdkafka asks on its background thread, whatever the owner thread is busy with (a transactional producer needs a
/// token inside `rd_kafka_init_transactions`), and asks again only after it got an answer: so each wish is answered exactly
/// once, by the provider or by the clock, and an answer that comes later is used if it is a token.
///
/// `lock` is held over every call into the client, and ``end()`` takes it before the client is destroyed: no answer
/// reaches a client that is gone.
final class OAuthRefresher: Sendable {
    static let timeout = Duration.seconds(30)

    private struct State {
        var hasEnded = false
        /// Wishes so far; the last one is open while `isOpen`.
        var wish = 0
        var isOpen = false
        var tasks: [Task<Void, Never>] = []
    }

    /// What may be handed to a task because it is used behind `lock` only, and not after ``end()``.
    @safe private struct Client: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let lock = Mutex(State())
    private let provider: OAuthTokenProvider

    init(_ provider: @escaping OAuthTokenProvider) {
        self.provider = provider
    }

    /// Starts to fetch a token. Returns at once; any thread.
    func refresh(_ pointer: OpaquePointer) {
        let client = unsafe Client(pointer: pointer)
        lock.withLock { state in
            guard !state.hasEnded else { return }
            state.wish += 1
            state.isOpen = true
            let wish = state.wish
            // Tasks of their own, because nobody waits here; `end` cancels them, and they keep nothing but this object.
            let fetch = Task { await self.fetch(wish, client) }
            let clock = Task {
                do {
                    try await Task.sleep(for: Self.timeout)
                } catch {
                    return
                }
                fetch.cancel()
                self.fail(wish, client, "the token provider has not answered within \(Self.timeout)")
            }
            state.tasks.forEach { $0.cancel() }
            state.tasks = [fetch, clock]
        }
    }

    /// No call reaches the client after the return. Called before it is destroyed.
    func end() {
        let tasks = lock.withLock { state in
            state.hasEnded = true
            defer { state.tasks.removeAll() }
            return state.tasks
        }
        tasks.forEach { $0.cancel() }
    }

    private func fetch(_ wish: Int, _ client: Client) async {
        do {
            let token = try await provider()
            answer(wish, token, client)
        } catch {
            fail(wish, client, "\(error)")
        }
    }

    private func answer(_ wish: Int, _ token: OAuthToken, _ client: Client) {
        let refusal: String? = lock.withLock { state in
            guard !state.hasEnded, state.wish == wish else { return nil }
            if let refusal = Self.set(token, client) { return refusal }
            state.isOpen = false
            state.tasks.forEach { $0.cancel() }
            return nil
        }
        if let refusal { fail(wish, client, refusal) }
    }

    /// Reports a failure unless the wish was answered; librdkafka asks again after 10 s.
    private func fail(_ wish: Int, _ client: Client, _ reason: String) {
        lock.withLock { state in
            guard !state.hasEnded, state.wish == wish, state.isOpen else { return }
            state.isOpen = false
            unsafe rd_kafka_oauthbearer_set_token_failure(client.pointer, reason)
        }
    }

    /// - Returns: why librdkafka does not take the token, if it does not.
    private static func set(_ token: OAuthToken, _ client: Client) -> String? {
        var reason = [CChar](repeating: 0, count: 512)
        // Names and values in turn.
        let extensions = token.extensions.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        let copies = unsafe extensions.map { unsafe strdup($0) }
        defer { unsafe copies.forEach { unsafe free($0) } }
        var pointers = unsafe copies.map { copy in unsafe copy.map { unsafe UnsafePointer($0) } }
        let code = unsafe rd_kafka_oauthbearer_set_token(
            client.pointer,
            token.value.reveal(),
            token.expires.rawValue,
            token.principal,
            &pointers,
            pointers.count,
            &reason,
            reason.count
        )
        return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : text(reason)
    }
}
