/// What a ``FakeTarget`` has seen and what it is told to answer. A value under the target's lock.
struct TargetLedger: Sendable {
    struct Rule: Sendable {
        let id: FakeTarget.RuleID
        let matches: @Sendable (TargetRequest) -> Bool
        let answer: @Sendable (TargetRequest) -> TargetAnswer
        var timesLeft: Int
    }

    private(set) var requests: [TargetRequest] = []
    /// The first request of each idempotency key that took effect, and every such request without a key; in order.
    private(set) var effects: [TargetRequest] = []
    /// Requests that would have had their effect again, had their key not been known.
    private(set) var repeats: [TargetRequest] = []
    private var knownKeys: Set<String> = []
    private var rules: [Rule] = []
    private var lastID = 0

    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }

    mutating func add(_ rule: Rule) { rules.append(rule) }

    mutating func remove(_ id: FakeTarget.RuleID) { rules.removeAll { $0.id == id } }

    mutating func removeRules() { rules.removeAll() }

    /// Takes a request in and says how to answer it.
    mutating func record(
        method: String,
        path: String,
        headers: [TargetRequest.Header],
        body: [UInt8]
    ) -> TargetAnswer {
        let request = TargetRequest(
            number: requests.count + 1,
            method: method,
            path: path,
            headers: headers,
            body: body
        )
        requests.append(request)
        let answer = answer(to: request)
        if answer.takesEffect { take(request) }
        return answer
    }

    private mutating func answer(to request: TargetRequest) -> TargetAnswer {
        guard let index = rules.firstIndex(where: { $0.timesLeft > 0 && $0.matches(request) }) else {
            return TargetAnswer()
        }
        rules[index].timesLeft -= 1
        return rules[index].answer(request)
    }

    private mutating func take(_ request: TargetRequest) {
        if let key = request.idempotencyKey, !knownKeys.insert(key).inserted {
            repeats.append(request)
        } else {
            effects.append(request)
        }
    }
}
