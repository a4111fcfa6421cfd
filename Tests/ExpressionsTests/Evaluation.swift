import JSON

@testable import Expressions

/// The results of a program over a JSON text, one string each.
func evaluate(
    _ program: String,
    _ payload: String = "null",
    bindings: Bindings = Bindings(),
    limits: ExpressionLimits = ExpressionLimits()
) throws -> [String] {
    let evaluator = try Evaluator(Program(program), limits: limits)
    var results: [String] = []
    try JSONParser(limits: JSONLimits(maxDepth: 20_000)).withDocument(payload) { root in
        try evaluator.outputs(root, bindings: bindings) { results.append(String(decoding: $0, as: UTF8.self)) }
    }
    return results
}

/// The code with which a program fails, at compile time or on the payload; nil when it succeeds.
func failure(
    _ program: String,
    _ payload: String = "null",
    bindings: Bindings = Bindings(),
    limits: ExpressionLimits = ExpressionLimits()
) throws -> ExpressionError? {
    do {
        _ = try evaluate(program, payload, bindings: bindings, limits: limits)
        return nil
    } catch let error as ExpressionError {
        return error
    }
}
