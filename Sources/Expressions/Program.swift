/// A jq program that has been checked: it is jq 1.6, it is pure, and its numbers are exact.
///
/// Two programs are equal when their texts are. Thread-safe; evaluate it with an `Evaluator` per thread.
package struct Program: Sendable, Hashable, CustomStringConvertible {
    /// The text as it was written.
    package let source: String
    let analysis: ProgramAnalysis

    /// Checks and compiles the text once; takes about 10 ms.
    /// - Throws: `.syntax`, `.undefined`, `.impure` or `.inexactNumber`, with the place in the text.
    package init(_ source: String) throws(ExpressionError) {
        self.source = source
        analysis = try ProgramAnalysis(source)
        _ = try JQMachine(MachineText(self, mode: .plain))
    }

    package var description: String { source }

    package static func == (left: Program, right: Program) -> Bool { left.source == right.source }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(source)
    }
}
