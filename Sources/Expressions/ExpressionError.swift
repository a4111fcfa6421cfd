/// Why a jq program was refused, or why it failed on one record.
///
/// The text never quotes the record: values that libjq puts into its own messages are taken out. What a program
/// passes to `error(…)` itself is its author's text and stays.
package struct ExpressionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, as a bounded label for metrics and dead letters.
    package enum Code: String, Sendable, CaseIterable {
        /// The program is not jq: found before any record is read.
        case syntax
        /// The program names a function, variable or label that does not exist.
        case undefined
        /// The program reaches outside the record (`input`, `env`, `now`, …), so it would not be repeatable.
        case impure
        /// The program raised an error on this record: a wrong type, a division by zero, `error(…)`.
        case runtime
        /// The program used more processor time on this record than `ExpressionLimits.time`.
        case timeLimit = "time_limit"
        /// The results are larger or more than the limits allow.
        case outputLimit = "output_limit"
        /// The payload or a result nests deeper than `ExpressionLimits.depth`.
        case depthLimit = "depth_limit"
        /// The program would have rounded a number that a double cannot hold exactly.
        case inexactNumber = "inexact_number"
        /// The result is no JSON value: NaN or an infinity.
        case notJSON = "not_json"
        /// A `map` gave nothing.
        case noOutput = "no_output"
        /// A `filter` or `map` gave more than one result.
        case multipleOutputs = "multiple_outputs"
    }

    /// Where in the program.
    package struct Location: Equatable, Sendable {
        /// From 1.
        package let line: Int
        /// Unicode scalars from the start of the line, from 1; nil where libjq names only the line.
        package let column: Int?
        /// The line of the program, and below it a caret where the column is known.
        package let excerpt: String
    }

    package let code: Code
    /// A sentence: what is wrong and what to do.
    package let message: String
    /// The place in the program, for errors found while it is compiled.
    package let location: Location?

    package init(code: Code, message: String, location: Location? = nil) {
        self.code = code
        self.message = message
        self.location = location
    }

    package var description: String {
        guard let location else { return "\(message) [\(code.rawValue)]" }
        let place = location.column.map { "\(location.line):\($0)" } ?? "\(location.line)"
        return "\(place): \(message) [\(code.rawValue)]\n\(location.excerpt)"
    }
}
