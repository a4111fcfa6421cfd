import Log
import LogTesting
import TestKit

/// Moves `clock` on, a second at a time, whenever somebody sleeps on it, until `condition` holds.
func advance(
    _ clock: ManualClock,
    by step: Duration = .seconds(1),
    until what: @autoclosure @Sendable () -> String,
    _ condition: () throws -> Bool
) async throws {
    let end = ContinuousClock.now.advanced(by: .seconds(20))
    while try !condition() {
        guard ContinuousClock.now < end else { throw TimeoutFailure(what()) }
        clock.advance(by: step)
        // Those who were woken get their turn.
        for _ in 0..<50 { await Task.yield() }
    }
}

extension LogError {
    static var transient: LogError {
        LogError(.unreachable, name: "_TRANSPORT", message: "No broker answers.", isRetriable: true)
    }

    static var abortable: LogError {
        LogError(.other, name: "_TEST", message: "Abort.")
    }

    static var fatal: LogError {
        LogError(.fenced, name: "_FENCED", message: "Another producer has taken over.", isFatal: true)
    }
}
