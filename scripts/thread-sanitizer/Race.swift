import Synchronization

// What scripts/sanitize.sh asks ThreadSanitizer before it believes it: `guarded` shares an array behind a Mutex, which must
// pass, and `unguarded` shares it behind nothing, which must be reported.

final class Shared: Sendable {
    private let guarded = Mutex<[Int]>([])
    private nonisolated(unsafe) var unguarded: [Int] = []

    /// Appends and removes, so that threads meet in the lock and not in the allocator.
    func change(_ isGuarded: Bool) {
        if isGuarded {
            guarded.withLock { Self.turn(&$0) }
        } else {
            Self.turn(&unguarded)
        }
    }

    private static func turn(_ numbers: inout [Int]) {
        numbers.append(numbers.count)
        if numbers.count > 10 { numbers.removeAll(keepingCapacity: true) }
    }
}

@main
struct Race {
    static func main() async {
        let isGuarded = CommandLine.arguments.last == "guarded"
        let shared = Shared()
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<50_000 { shared.change(isGuarded) }
                }
            }
        }
    }
}
