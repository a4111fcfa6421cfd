internal import Dedupe
internal import Expressions
internal import JSON
internal import Log

/// Finds the identity of a record and hashes it.
final class DedupeKeyReader {
    private let plan: DedupePlan.Key
    private let hasher: DedupeHasher
    private let evaluator: Evaluator?
    private let parser = JSONParser()

    /// - Parameters:
    ///   - plan: where the identity is found.
    ///   - hasher: of the journal the keys are kept in.
    /// - Throws: ``ExpressionError`` for a program that does not compile.
    init(_ plan: DedupePlan.Key, hasher: DedupeHasher) throws {
        self.plan = plan
        self.hasher = hasher
        if case .program(let program) = plan {
            evaluator = try Evaluator(program)
        } else {
            evaluator = nil
        }
    }

    /// The key of a message; `nil` when it carries no identity.
    ///
    /// A payload that cannot be read has none, so that it reaches the stage that says what is wrong with it.
    func key(of message: MessageView) -> DedupeKey? {
        let hasher = replayed(message)
        switch plan {
        case .cloudEvent:
            guard let source = header("ce_source", of: message), let id = header("ce_id", of: message) else {
                return nil
            }
            return source.withUnsafeBytes { source in
                id.withUnsafeBytes { id in hasher.then(source.bytes).key(of: id.bytes) }
            }
        case .header(let name):
            return header(name, of: message).map { value in
                value.withUnsafeBytes { hasher.key(of: $0.bytes) }
            }
        case .key:
            return message.key.map { hasher.key(of: $0.bytes) }
        case .program:
            return computed(from: message).map { value in
                value.withUnsafeBytes { hasher.key(of: $0.bytes) }
            }
        }
    }

    /// A replayed record counts as another event than the original: a redrive passes once, and the same redrive applied
    /// twice does not.
    private func replayed(_ message: MessageView) -> DedupeHasher {
        guard let replay = header("busbar-replay-id", of: message) else { return hasher }
        return replay.withUnsafeBytes { hasher.then($0.bytes) }
    }

    private func header(_ name: String, of message: MessageView) -> [UInt8]? {
        var found: [UInt8]?
        message.forEachHeader { headerName, value in
            guard found == nil, let value, headerName.elementsEqual(name.utf8) else { return }
            found = [UInt8](value)
        }
        return found
    }

    private func computed(from message: MessageView) -> [UInt8]? {
        guard let evaluator, let value = message.value else { return nil }
        var output: [UInt8] = []
        do {
            try parser.withDocument(value) { root in
                try evaluator.map(root, bindings: Bindings(message), into: &output)
            }
        } catch {
            return nil
        }
        return output.elementsEqual("null".utf8) ? nil : output
    }
}
