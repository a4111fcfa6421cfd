internal import Foundation
internal import Synchronization
internal import UnixSignals

/// Whether somebody has asked the command to end, by Ctrl-C or SIGTERM.
final class Interruption: Sendable {
    private let state = Mutex(false)

    var isRequested: Bool { state.withLock { $0 } }

    /// Runs `work`, which looks at its interruption now and then. A second signal ends the process at once.
    static func catching(_ work: (Interruption) async throws -> Void) async throws {
        let interruption = Interruption()
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in signals {
                    interruption.state.withLock { $0 = true }
                    signal(SIGINT, SIG_DFL)
                    signal(SIGTERM, SIG_DFL)
                }
            }
            try await work(interruption)
            group.cancelAll()
        }
    }
}
