internal import Contracts
internal import JSON
internal import Log
internal import Traffic

/// Reads records into an inference, and counts those that say nothing about a contract.
///
/// Used by one task.
final class InferenceReading {
    private(set) var inference: SchemaInference
    private let parser = JSONParser()
    private var tombstones = 0
    private var unprefixed = 0
    private var prefixed = 0
    private var unreadable = 0
    private var firstError = ""

    init(discriminator: String?) {
        inference = SchemaInference(discriminator: discriminator)
    }

    func add(_ message: MessageView, _ encoding: RecordEncoding) {
        switch encoding.content(of: message) {
        case .tombstone: tombstones += 1
        case .unprefixed: unprefixed += 1
        case .text(let text, _):
            let isJSON = add("\(message.topicPartition)@\(message.offset)") {
                try parser.withDocument(text) { inference.add($0) }
            }
            if !isJSON, RecordEncoding.isPrefixed(text) { prefixed += 1 }
        }
    }

    /// - Parameter file: a path, or `-` for standard input.
    /// - Throws: ``CommandFailure`` when the file cannot be read.
    func add(file: String) async throws {
        let isOne = file.hasSuffix(".json")
        var number = 0
        try await RecordInput(file: file, shape: isOne ? .whole : .lines).forEachBatch { records in
            for record in records {
                number += 1
                _ = add(isOne ? file : "\(file), record \(number)") {
                    try parser.withDocument(record ?? []) { inference.add($0) }
                }
            }
        }
    }

    private func add(_ place: String, _ parse: () throws -> Void) -> Bool {
        do {
            try parse()
            return true
        } catch {
            if unreadable == 0 { firstError = "\(place): \(error)" }
            unreadable += 1
            return false
        }
    }

    /// How many records were seen, and what was left out.
    var notes: [String] {
        var notes = ["inferred from \(counted(inference.records, "record"))"]
        if tombstones > 0 { notes.append("left out: \(counted(tombstones, "tombstone"))") }
        if unreadable > 0 {
            notes.append(
                "left out: \(counted(unreadable, "record")) not JSON; the first: \(firstError)"
            )
        }
        if prefixed > 0 {
            notes.append(
                "\(counted(prefixed, "record")) of them start with byte 0, as Confluent's serializers write them: try "
                    + "--encoding confluent-json"
            )
        }
        if unprefixed > 0 {
            notes.append("left out: \(counted(unprefixed, "record")) without the prefix of confluent-json")
        }
        if inference.isNarrowed {
            notes.append("the records have so many different members that larger objects are described as maps")
        }
        return notes
    }
}
