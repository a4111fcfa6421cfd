internal import JSON
internal import Log

/// What all records of a command have in common.
struct RecordTemplate: Sendable {
    let topic: TopicName
    let key: [UInt8]?
    let headers: [Header]

    /// - Parameters:
    ///   - topic: where records go.
    ///   - key: `nil` is a null key.
    ///   - headers: `name=value` each.
    init(topic: TopicName, key: String?, headers: [String]) {
        self.topic = topic
        self.key = key.map { Array($0.utf8) }
        self.headers = headers.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Header(String(parts[0]), String(parts.last ?? ""))
        }
    }
}

/// Writes records to a topic and waits for their acknowledgements.
struct TopicWriter {
    let log: any Log
    /// Of the brokers, for messages.
    let address: String
    let template: RecordTemplate
    /// Reads everything, writes nothing, and asks no broker.
    let isDryRun: Bool

    /// Writes what `input` holds; a record that is not acknowledged does not keep the others back.
    /// - Throws: ``CommandFailure`` when no broker answers in time, there is no such topic, or the input cannot be read.
    func write(_ input: RecordInput) async throws -> WriteResult {
        var result = WriteResult()
        guard !isDryRun else {
            try await input.forEachBatch { result.written += $0.count }
            return result
        }
        _ = try await Reach(log: log, address: address).partitions(of: template.topic)
        let producer = try await log.producer(ProducerConfiguration())
        let outcome: Result<Void, any Error>
        do {
            try await input.forEachBatch { result.count(try await producer.send(batch(of: $0))) }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await producer.close(within: .seconds(5))
        try outcome.get()
        return result
    }

    private func batch(of values: [[UInt8]?]) -> ProduceBatch {
        var batch = ProduceBatch()
        for value in values {
            batch.append(topic: template.topic, key: template.key, value: value, headers: template.headers)
        }
        return batch
    }
}

/// How many records were written.
struct WriteResult {
    var written = 0
    private(set) var failed = 0
    private var firstError: LogError?

    mutating func count(_ results: [ProduceResult]) {
        for result in results {
            switch result {
            case .acknowledged: written += 1
            case .failed(let error):
                failed += 1
                firstError = firstError ?? error
            }
        }
    }

    func summary(_ topic: String, isDryRun: Bool) -> String {
        if isDryRun { return "\(counted(written, "record")) would be written to \(topic)" }
        let failure = firstError.map { "; \(failed) failed, the first: \($0)" } ?? ""
        return "\(counted(written, "record")) written to \(topic)\(failure)"
    }

    func json(_ topic: String) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("topic", topic)
            writer.member("written", written)
            writer.member("failed", failed)
        }
        return writer.text
    }
}
