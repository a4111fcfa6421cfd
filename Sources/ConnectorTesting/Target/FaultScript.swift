internal import ConnectorKit
internal import Delivery
internal import Log
internal import Synchronization

/// The `faults:` of a test, taken one per attempt in their order, whatever sink makes the attempt.
final class FaultScript: Sendable {
    private struct State {
        var faults: [ConnectorTest.Fault]
        var attempts = 0
    }

    private let state: Mutex<State>

    init(_ faults: [ConnectorTest.Fault]) {
        state = Mutex(State(faults: faults))
    }

    /// Attempts made at any target so far.
    var attempts: Int { state.withLock(\.attempts) }

    /// What the next attempt meets; `nil` is a target that is well.
    func next() -> ConnectorTest.Fault? {
        state.withLock { state in
            state.attempts += 1
            guard var fault = state.faults.first else { return nil }
            fault.times -= 1
            if fault.times > 0 { state.faults[0] = fault } else { state.faults.removeFirst() }
            return fault
        }
    }
}

extension ConnectorTest.Fault {
    /// What a connector that writes to the log sees instead: the broker refuses the record, or does not answer.
    var logError: LogError {
        switch kind {
        case .status(401), .status(407):
            LogError(.authentication, name: name, message: "the test's broker refuses the credentials")
        case .status(403): LogError(.authorization, name: name, message: "the test's broker refuses the topic")
        case .status(413): LogError(.tooLarge, name: name, message: "the test's broker takes no record of that size")
        case .status, .reset:
            LogError(.unreachable, name: name, message: "the test's broker is away", isRetriable: true)
        case .hang: LogError(.timedOut, name: name, message: "the test's broker does not answer", isRetriable: true)
        }
    }

    private var name: String {
        switch kind {
        case .status(let status): "TEST_FAULT_\(status)"
        case .hang: "TEST_FAULT_HANG"
        case .reset: "TEST_FAULT_RESET"
        }
    }
}
