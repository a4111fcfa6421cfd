internal import CJQ
internal import JSON

/// Evaluates a program over records on libjq: directly, or twice with stand-ins where a record has numbers that a
/// double cannot hold.
final class Runner {
    private let program: Program
    private let limits: ExpressionLimits
    private let plain: JQMachine
    /// Made for the first record that needs it.
    private var exact: ExactMachine?
    private var writer: ResultWriter

    init(_ program: Program, _ limits: ExpressionLimits) throws(ExpressionError) {
        self.program = program
        self.limits = limits
        plain = try program.plainMachine()
        writer = ResultWriter(limits: limits)
    }

    /// How many results there are, looking for at most two, and whether the first is neither false nor null.
    func truth(_ payload: JSONValue, _ bindings: Bindings) throws(ExpressionError) -> (count: Int, isTrue: Bool) {
        guard let input = try unsafe plainInput(payload, bindings) else {
            return try unsafe exactMachine().run(payload, bindings, atMost: 1) {
                (low, high, _) throws(ExpressionError) in
                let truths = unsafe (low.map { unsafe Self.isTrue($0) }, high.map { unsafe Self.isTrue($0) })
                guard truths.0 == truths.1 else { throw ExactNumbers.disagreement }
                return (truths.0.count, truths.0.first ?? false)
            }
        }
        var count = 0
        var isTrue = false
        try unsafe plain.run(input, limits: limits) { (result: jv) throws(ExpressionError) -> Bool in
            count += 1
            if count == 1 { unsafe isTrue = Self.isTrue(result) }
            unsafe jv_free(result)
            return count < 2
        }
        return (count, isTrue)
    }

    /// The results as compact JSON, looking for at most one more than `limit`.
    func values(_ payload: JSONValue, _ bindings: Bindings, atMost limit: Int) throws(ExpressionError) -> [[UInt8]] {
        writer.reset()
        guard let input = try unsafe plainInput(payload, bindings) else {
            var writer = writer
            return try unsafe exactMachine().run(payload, bindings, atMost: limit) {
                (low, high, numbers) throws(ExpressionError) in
                guard unsafe low.count == high.count else { throw ExactNumbers.disagreement }
                var results: [[UInt8]] = []
                for index in unsafe low.indices {
                    try unsafe writer.write(low[index], high[index], numbers)
                    results.append(writer.take())
                }
                return results
            }
        }
        var results: [[UInt8]] = []
        try unsafe plain.run(input, limits: limits) { (result: jv) throws(ExpressionError) -> Bool in
            defer { unsafe jv_free(result) }
            try unsafe writer.write(result)
            results.append(writer.take())
            return results.count <= limit
        }
        return results
    }

    /// The input with doubles, the caller's to free; nil when one of them would be a rounded number.
    private func plainInput(_ payload: JSONValue, _ bindings: Bindings) throws(ExpressionError) -> jv? {
        var builder = InputBuilder(limits: limits)
        let input = try unsafe builder.input(payload, bindings, plain.text.bindings)
        guard builder.metInexact else { return unsafe input }
        unsafe jv_free(input)
        return nil
    }

    private func exactMachine() throws(ExpressionError) -> ExactMachine {
        if let exact { return exact }
        let machine = try ExactMachine(program, limits)
        exact = machine
        return machine
    }

    private static func isTrue(_ value: jv) -> Bool {
        let kind = unsafe jv_get_kind(value)
        return kind != JV_KIND_FALSE && kind != JV_KIND_NULL
    }
}
