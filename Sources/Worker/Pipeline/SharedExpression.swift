internal import ConnectorKit
internal import Expressions
internal import JSON
internal import Synchronization

/// A jq program that a source or sink runs over records, from any thread, one at a time.
final class SharedExpression: Sendable {
    private struct Engine {
        let evaluator: Evaluator
        let parser = JSONParser()
    }

    private let engine: Mutex<Engine>
    private let connector: String

    /// - Throws: ``ExpressionError`` when the program does not compile.
    init(_ program: String, connector: String) throws {
        self.connector = connector
        let evaluator = try Evaluator(Program(program))
        engine = Mutex(Engine(evaluator: evaluator))
    }

    /// Everything the program puts out for `record`, as JSON texts.
    /// - Throws: ``ExpressionError``, or ``JSONError`` for a payload that is not JSON.
    func outputs(for record: Record) throws -> [[UInt8]] {
        let bindings = Bindings(record, connector: connector)
        let payload = record.value.bytes() ?? Array("null".utf8)
        return try engine.withLock { engine in
            var outputs: [[UInt8]] = []
            try engine.parser.withDocument(payload) { root in
                try engine.evaluator.outputs(root, bindings: bindings) { outputs.append($0) }
            }
            return outputs
        }
    }
}
