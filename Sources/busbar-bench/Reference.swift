internal import CBenchReference
internal import Dispatch

/// Runs a loop of the C reference on a thread of its own and takes its outcome.
func reference(_ count: Int, _ body: @escaping @Sendable () -> bench_outcome) async throws -> Sample {
    let outcome = await withCheckedContinuation { continuation in
        DispatchQueue(label: "c-reference").async { continuation.resume(returning: body()) }
    }
    var reason = outcome.error
    let text = withUnsafeBytes(of: &reason) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    guard text.isEmpty else { throw BenchError("the C reference failed: \(text)") }
    guard outcome.count == count else { throw BenchError("the C reference handled \(outcome.count) of \(count)") }
    return Sample(count: count, seconds: outcome.seconds, cpu: outcome.cpu)
}
