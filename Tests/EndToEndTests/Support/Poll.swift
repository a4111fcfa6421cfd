/// What a test waited for in vain.
struct NotReached: Error, CustomStringConvertible {
    let description: String
}

/// Asks again until there is an answer.
///
/// The pause is only between two questions: what other processes do is asked for, not announced.
/// - Throws: ``NotReached`` after `limit`, and what `body` throws.
@discardableResult
func poll<R>(
    _ what: @autoclosure () -> String,
    within limit: Duration,
    every pause: Duration = .milliseconds(20),
    _ body: () async throws -> R?
) async throws -> R {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while true {
        if let result = try await body() { return result }
        guard .now < deadline else { throw NotReached(description: "after \(limit), not: \(what())") }
        try await Task.sleep(for: pause)
    }
}
