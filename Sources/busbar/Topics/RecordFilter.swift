internal import ArgumentParser
internal import Expressions
internal import JSON
internal import Log

/// Passes the records that a jq program wants.
///
/// Used by one task.
final class RecordFilter {
    private let evaluator: Evaluator?
    private let parser = JSONParser()
    private var unreadable = 0
    private var firstError = ""

    /// - Parameter program: `nil` passes everything.
    /// - Throws: ``CommandFailure`` with the place in a program that does not compile.
    init(_ program: String?) throws {
        do throws(ExpressionError) {
            evaluator = try program.map { (text) throws(ExpressionError) in try Evaluator(Program(text)) }
        } catch {
            throw CommandFailure(.usage, "--where: \(error)")
        }
    }

    /// How many records the program could not judge, and why; `nil` when there are none.
    var note: String? {
        unreadable == 0
            ? nil
            : "--where could not judge \(counted(unreadable, "record")), which were not shown; the first: \(firstError)"
    }

    /// A tombstone is judged as `null`. What the program cannot judge does not pass and is counted.
    func passes(_ message: MessageView) -> Bool {
        guard let evaluator else { return true }
        let value = message.value.map { [UInt8]($0) } ?? Array("null".utf8)
        do {
            return try parser.withDocument(value) { root in
                try evaluator.filter(root, bindings: Bindings(message))
            }
        } catch {
            if unreadable == 0 { firstError = "\(message.topicPartition)@\(message.offset): \(error)" }
            unreadable += 1
            return false
        }
    }
}

extension Bindings {
    fileprivate init(_ message: MessageView) {
        self.init(
            headers: message.headers().map { (name: $0.name, value: $0.text ?? "") },
            key: message.key.map { String(decoding: $0, as: UTF8.self) },
            meta: Meta(
                topic: message.topicPartition.topic.rawValue,
                partition: Int(message.topicPartition.partition.rawValue),
                offset: message.offset.rawValue,
                timestamp: message.timestamp?.rawValue
            )
        )
    }
}
