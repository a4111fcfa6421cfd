internal import CJQ
internal import JSON

/// Runs a program twice over a record, once with the low and once with the high stand-ins of `ExactNumbers`.
final class ExactMachine {
    private let program: Program
    private let limits: ExpressionLimits
    private let machine: JQMachine

    init(_ program: Program, _ limits: ExpressionLimits) throws(ExpressionError) {
        self.program = program
        self.limits = limits
        machine = try JQMachine(MachineText(program.source, program.analysis, mode: .exact))
    }

    /// Lends the results of both runs to `merge`, at most one more than `limit` of each.
    /// - Throws: `.inexactNumber` when only one run fails; when both do, what the first one threw.
    func run<R>(
        _ payload: JSONValue,
        _ bound: Bindings,
        atMost limit: Int,
        _ merge: ([jv], [jv], ExactNumbers) throws(ExpressionError) -> R
    ) throws(ExpressionError) -> R {
        let literals = try NumberCollector.numbers(of: payload, bound)
        let numbers = try ExactNumbers(literals, fixed: program.analysis.literals)
        let low = outcome(payload, bound, numbers.low, numbers.lowPairs, limit)
        let high = outcome(payload, bound, numbers.high, numbers.highPairs, limit)
        defer {
            low.free()
            high.free()
        }
        switch (low.error, high.error) {
        case (nil, nil): return try unsafe merge(low.results, high.results, numbers)
        case (let error?, .some): throw error
        case (let error?, nil), (nil, let error?):
            // A limit is a limit in whichever run it was met; any other failure of one run alone is a disagreement.
            throw error.code == .timeLimit || error.code == .inexactNumber ? error : ExactNumbers.disagreement
        }
    }

    private func outcome(
        _ payload: JSONValue,
        _ bound: Bindings,
        _ standIns: [String: Double],
        _ pairs: [(standIn: Double, literal: String)],
        _ limit: Int
    ) -> Outcome {
        var results: [jv] = unsafe []
        do throws(ExpressionError) {
            var builder = InputBuilder(limits: limits, standIns: standIns)
            let tokens = pairs.map { (text: Self.jqText(of: $0.standIn), literal: $0.literal) }
            let input = try unsafe builder.input(payload, bound, machine.text.bindings, tokens: tokens)
            try unsafe machine.run(input, limits: limits) { (result: jv) throws(ExpressionError) -> Bool in
                try unsafe Self.check(result, limits)
                unsafe results.append(result)
                return unsafe results.count <= limit
            }
            return unsafe Outcome(results: results, error: nil)
        } catch {
            return unsafe Outcome(results: results, error: error)
        }
    }

    /// Refuses a value beyond the limits here, where it can still be freed on the deep stack.
    private static func check(_ result: jv, _ limits: ExpressionLimits) throws(ExpressionError) {
        var writer = ResultWriter(limits: limits)
        do throws(ExpressionError) {
            try unsafe writer.write(result)
        } catch {
            unsafe jv_free(result)
            throw error
        }
    }

    /// A stand-in as libjq prints it, which is what the prelude looks up.
    private static func jqText(of number: Double) -> String {
        let text = unsafe jv_dump_string(jv_number(number), 0)
        defer { unsafe jv_free(text) }
        return unsafe JQString.text(of: text)
    }

    @safe
    private struct Outcome {
        let results: [jv]
        let error: ExpressionError?

        func free() {
            // Not `for unsafe result in …`: swift-format 6.3 loses the name.
            for index in unsafe results.indices { unsafe jv_free(results[index]) }
        }
    }
}
