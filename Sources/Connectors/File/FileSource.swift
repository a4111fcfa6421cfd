package import ConnectorKit
internal import Delivery
package import Log

/// Reads an NDJSON file line by line, from where it stopped, and follows it through growth, truncation and rotation.
///
/// Each line is one record; its bytes are the value, unchanged. Its id is `<file name>:<byte offset>`, and
/// `<file name>.<generation>:<byte offset>` after the file was rotated or rewritten, so that dedupe never takes a line of
/// the new file for one of the old. A batch is accepted
/// together with the position after it, so that a crash between two batches repeats and loses nothing. An empty line is
/// passed over; a last line without its line feed waits for it (`follow`) or counts as a line (no `follow`, or the file was
/// rotated away).
package struct FileSource: Source {
    private let settings: FileSourceSettings
    private let now: @Sendable () -> Timestamp
    private let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - settings: which file, and how it is read.
    ///   - now: the time of reading, which becomes the records' timestamp.
    ///   - sleep: waits between two looks at a quiet file; throws when the task is cancelled.
    package init(
        _ settings: FileSourceSettings,
        now: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.settings = settings
        self.now = now
        self.sleep = sleep
    }

    /// - Throws: ``ConnectorError`` when the file cannot be read on, ``IntakeError/unavailable(detail:)`` from the intake.
    package func run(into intake: any Intake) async throws {
        do {
            try await read(into: intake)
        } catch is CancellationError {
            return
        } catch IntakeError.stopping {
            return
        }
    }

    private func read(into intake: any Intake) async throws {
        let stored = try await intake.position(of: settings.path).map { try FilePosition($0, path: settings.path) }
        let tail = Confined(FileTail(settings, resume: stored), label: "busbar.file-source")
        intake.ready("reading \(settings.path) from byte \(stored?.offset ?? 0)")
        while true {
            try Task.checkCancellation()
            switch try await tail.run({ tail throws(ConnectorError) in try tail.next() }) {
            case .batch(let batch): try await accept(batch, into: intake)
            case .event(let event): settings.onEvent(event)
            case .idle, .missing: try await sleep(settings.poll)
            case .end: return
            }
        }
    }

    private func accept(_ batch: FileBatch, into intake: any Intake) async throws {
        let records = records(of: batch)
        let position = SourcePosition(partition: settings.path, value: batch.position.bytes)
        while true {
            do {
                let outcomes = try await intake.accept(records, position: position)
                try refuse(zip(records, outcomes))
                return
            } catch IntakeError.overloaded(let retryAfter) {
                try await sleep(retryAfter)
            }
        }
    }

    /// A file has nobody to answer: what is refused would be lost without a word.
    private func refuse(_ outcomes: some Sequence<(Record, IntakeOutcome)>) throws(ConnectorError) {
        for case (let record, .rejected(let reason, let detail)) in outcomes {
            throw ConnectorError(
                .recordRefused,
                "\(record.id) was refused (\(reason.rawValue): \(detail)); "
                    + "a file cannot be answered, so let it be dead-lettered (on_violation)."
            )
        }
    }

    private func records(of batch: FileBatch) -> [Record] {
        let name = settings.path.split(separator: "/").last.map(String.init) ?? settings.path
        let generation = batch.position.generation == 0 ? "" : ".\(batch.position.generation)"
        let time = now()
        return batch.lines.map { line in
            let id = "\(name)\(generation):\(line.offset)"
            return Record(
                id: id,
                value: .owned(line.bytes),
                headers: [
                    Header("ce_specversion", "1.0"),
                    Header("ce_id", id),
                    Header("ce_source", "file:\(settings.path)"),
                    Header("ce_type", "file.line"),
                    Header("ce_time", UTCTime(time).rfc3339),
                    Header("content-type", "application/json"),
                ],
                timestamp: time
            )
        }
    }
}
