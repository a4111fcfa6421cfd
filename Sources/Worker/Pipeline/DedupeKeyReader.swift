internal import ConnectorKit
internal import Dedupe
internal import Expressions
internal import JSON
internal import Log

/// Finds the identity of a record and hashes it.
final class DedupeKeyReader {
    private let plan: DedupePlan.Key
    private let format: PayloadFormat
    private let hasher: DedupeHasher
    private let evaluator: Evaluator?
    private let needs: BindingNeeds
    private let parser = JSONParser()
    /// What the program put out last; its memory is used again.
    private var output: [UInt8] = []

    /// - Parameters:
    ///   - plan: where the identity is found.
    ///   - hasher: of the journal the keys are kept in.
    ///   - format: how payloads lie in the messages.
    /// - Throws: ``ExpressionError`` for a program that does not compile.
    init(_ plan: DedupePlan.Key, hasher: DedupeHasher, format: PayloadFormat = .json) throws {
        self.plan = plan
        self.format = format
        self.hasher = hasher
        if case .program(let program) = plan {
            evaluator = try Evaluator(program)
            needs = BindingNeeds([program])
        } else {
            evaluator = nil
            needs = BindingNeeds([])
        }
    }

    /// The key of a message; `nil` when it carries no identity.
    ///
    /// A payload that cannot be read has none, so that it reaches the stage that says what is wrong with it.
    func key(of message: MessageView) -> DedupeKey? {
        let hasher = replayed(message)
        switch plan {
        case .cloudEvent:
            return withHeader("ce_source", of: message) { hasher.then($0) }
                .flatMap { hasher in withHeader("ce_id", of: message) { hasher.key(of: $0) } }
        case .header(let name):
            return withHeader(name, of: message) { hasher.key(of: $0) }
        case .key:
            return message.key.map { hasher.key(of: $0.bytes) }
        case .program:
            guard compute(from: message) else { return nil }
            return output.withUnsafeBytes { hasher.key(of: $0.bytes) }
        }
    }

    /// A replayed record counts as another event than the original: a redrive passes once, and the same redrive applied
    /// twice does not.
    private func replayed(_ message: MessageView) -> DedupeHasher {
        withHeader("busbar-replay-id", of: message) { hasher.then($0) } ?? hasher
    }

    /// What `body` makes of the first header called `name` that has a value; `nil` where there is none.
    private func withHeader<R>(_ name: String, of message: MessageView, _ body: (RawSpan) -> R) -> R? {
        var result: R?
        message.forEachHeader { headerName, value in
            guard result == nil, let value, headerName.elementsEqual(name.utf8) else { return }
            result = body(value.bytes)
        }
        return result
    }

    /// Runs the program; `false` where it finds no identity.
    private func compute(from message: MessageView) -> Bool {
        guard let evaluator, let whole = message.value else { return false }
        let value = UnsafeRawBufferPointer(rebasing: whole[RecordOpener.payloadStart(of: message, in: format)...])
        output.removeAll(keepingCapacity: true)
        do {
            try parser.withDocument(value) { root in
                try evaluator.map(root, bindings: needs.bindings(of: message), into: &output)
            }
        } catch {
            return false
        }
        return !output.elementsEqual("null".utf8)
    }
}
