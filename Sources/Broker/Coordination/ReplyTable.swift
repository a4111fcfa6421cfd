internal import Synchronization

/// The requests that a coordinator has not answered yet. Any thread.
final class ReplyTable<Answer: Sendable>: Sendable {
    private struct State {
        var waiting: [UInt64: @Sendable (Answer) -> Void] = [:]
        var nextToken: UInt64 = 0
    }

    private let state = Mutex(State())

    /// A token for a request; `answer` is called once, on any thread.
    func register(_ answer: @escaping @Sendable (Answer) -> Void) -> ReplyToken {
        state.withLock { state in
            state.nextToken += 1
            state.waiting[state.nextToken] = answer
            return ReplyToken(state.nextToken)
        }
    }

    /// Passes on the answer to a request.
    func answer(_ token: ReplyToken, _ answer: Answer) {
        let waiting = state.withLock { $0.waiting.removeValue(forKey: token.rawValue) }
        waiting?(answer)
    }
}
