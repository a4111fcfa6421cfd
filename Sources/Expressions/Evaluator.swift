package import JSON

/// Evaluates one program over records: compiled once, reusable for millions of them.
///
/// Not Sendable: one evaluator per thread. Programs with loops or recursion of their own run on a thread of the
/// evaluator's with a large stack, which costs a hand-over per record. After an error the evaluator is ready for the
/// next record.
package final class Evaluator {
    /// The program.
    package let program: Program
    private let limits: ExpressionLimits
    private let runner: Runner

    /// The first evaluator of a program is ready at once; each further one compiles it again, about 30 ms.
    /// - Throws: what `Program.init` throws.
    package init(_ program: Program, limits: ExpressionLimits = .init()) throws(ExpressionError) {
        self.program = program
        self.limits = limits
        runner = try Runner(program, limits)
    }

    /// Whether a record passes: the program's one result is neither `false` nor `null`.
    /// No result, as from `select(…)` or `empty`, drops the record.
    /// - Throws: `.multipleOutputs` for more than one result, and what evaluation throws.
    package func filter(_ input: JSONValue, bindings: Bindings = Bindings()) throws(ExpressionError) -> Bool {
        let outcome = try runner.truth(input, bindings)
        guard outcome.count <= 1 else {
            throw ExpressionError(
                code: .multipleOutputs,
                message: "a filter gave more than one result; combine them with `any(…)`, `all(…)` or `first(…)`"
            )
        }
        return outcome.isTrue
    }

    /// Appends the program's one result to `bytes` as compact JSON, without a line feed.
    /// On an error `bytes` is as before.
    /// - Throws: `.noOutput`, `.multipleOutputs`, and what evaluation throws.
    package func map(
        _ input: JSONValue,
        bindings: Bindings = Bindings(),
        into bytes: inout [UInt8]
    ) throws(ExpressionError) {
        let results = try runner.values(input, bindings, atMost: 1)
        guard let result = results.first else {
            throw ExpressionError(
                code: .noOutput,
                message: "a map gave no result; drop records with a `filter` step, or give a value for every record"
            )
        }
        guard results.count == 1 else {
            throw ExpressionError(
                code: .multipleOutputs,
                message: "a map gave more than one result; one record becomes one record, so collect them with `[…]`"
            )
        }
        bytes.append(contentsOf: result)
    }

    /// Hands every result to `body` as compact JSON, in order, after the program has ended.
    /// - Throws: `.outputLimit` for more results than the limits allow, and what evaluation or `body` throws.
    package func outputs(
        _ input: JSONValue,
        bindings: Bindings = Bindings(),
        _ body: ([UInt8]) throws -> Void
    ) throws {
        let results = try runner.values(input, bindings, atMost: limits.outputs)
        guard results.count <= limits.outputs else {
            throw ExpressionError(
                code: .outputLimit,
                message: "the program gave more than \(limits.outputs) results for one record"
            )
        }
        for result in results { try body(result) }
    }
}
