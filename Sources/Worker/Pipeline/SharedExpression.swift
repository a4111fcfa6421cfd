internal import ConnectorKit
internal import Expressions
internal import JSON
internal import Synchronization

/// A jq program that a source or sink runs over records, from any thread, one at a time.
final class SharedExpression: Sendable {
    private struct Engine {
        let evaluator: Evaluator
        let parser = JSONParser()

        /// A tombstone is `null`.
        func outputs(of value: Payload, _ bindings: Bindings) throws -> [[UInt8]] {
            try value.withBytes { bytes in
                guard let bytes else { return try parser.withDocument("null") { try outputs(of: $0, bindings) } }
                return try parser.withDocument(bytes) { try outputs(of: $0, bindings) }
            }
        }

        private func outputs(of root: JSONValue, _ bindings: Bindings) throws -> [[UInt8]] {
            var outputs: [[UInt8]] = []
            try evaluator.outputs(root, bindings: bindings) { outputs.append($0) }
            return outputs
        }
    }

    private let engine: Mutex<Engine>
    private let needs: BindingNeeds
    private let connector: String

    /// - Throws: ``ExpressionError`` when the program does not compile.
    init(_ program: String, connector: String) throws {
        self.connector = connector
        let evaluator = try Evaluator(Program(program))
        needs = BindingNeeds([evaluator.program])
        engine = Mutex(Engine(evaluator: evaluator))
    }

    /// Everything the program puts out for `record`, as JSON texts.
    /// - Throws: ``ExpressionError``, or ``JSONError`` for a payload that is not JSON.
    func outputs(for record: Record) throws -> [[UInt8]] {
        let bindings = needs.bindings(of: record, in: connector)
        return try engine.withLock { try $0.outputs(of: record.value, bindings) }
    }
}
