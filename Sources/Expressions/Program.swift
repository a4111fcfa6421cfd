internal import Synchronization

/// A jq program that has been checked: it is jq 1.6, it is pure, and its numbers are exact.
///
/// Two programs are equal when their texts are. Thread-safe; evaluate it with an `Evaluator` per thread.
package struct Program: Sendable, Hashable, CustomStringConvertible {
    /// The text as it was written.
    package let source: String
    let analysis: ProgramAnalysis
    private let spare: SpareMachine

    /// Checks and compiles the text once; takes about 30 ms, most of it libjq reading its own library.
    /// - Throws: `.syntax`, `.undefined`, `.impure` or `.inexactNumber`, with the place in the text.
    package init(_ source: String) throws(ExpressionError) {
        self.source = source
        analysis = try ProgramAnalysis(source)
        spare = try SpareMachine(JQMachine(MachineText(source, analysis, mode: .plain)))
    }

    /// A machine of its own for one evaluator: the one from the check for the first that asks, a new one after that.
    func plainMachine() throws(ExpressionError) -> JQMachine {
        if let machine = spare.take() { return machine }
        return try JQMachine(MachineText(source, analysis, mode: .plain))
    }

    package var description: String { source }

    package static func == (left: Program, right: Program) -> Bool { left.source == right.source }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(source)
    }
}

/// Hands the machine that the check compiled to the first evaluator, which may live on another thread.
///
/// `@unchecked Sendable`: the machine is read by the one caller that finds `isTaken` false, and written by no one else.
private final class SpareMachine: @unchecked Sendable {
    private var machine: JQMachine?
    private let isTaken = Atomic<Bool>(false)

    init(_ machine: JQMachine) {
        self.machine = machine
    }

    func take() -> JQMachine? {
        guard !isTaken.exchange(true, ordering: .acquiringAndReleasing) else { return nil }
        defer { machine = nil }
        return machine
    }
}
