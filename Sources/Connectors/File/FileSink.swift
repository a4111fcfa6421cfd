package import ConnectorKit
package import Delivery
internal import JSON

/// Appends records to NDJSON files; a record counts as delivered when fsync has returned.
///
/// At least once: a crash between fsync and commit writes the line again, and a line that a crash tore is cut off when the
/// file is next opened. With `envelope: true` each line carries topic, partition and offset, by which a reader removes
/// repetitions.
package final class FileSink: Sink {
    private let settings: FileSinkSettings
    private let files: Confined<OpenFiles>

    /// Opens nothing yet.
    package init(_ settings: FileSinkSettings) {
        self.settings = settings
        files = Confined(OpenFiles(limit: settings.openFiles), label: "busbar.file-sink")
    }

    /// Lines that share an fsync.
    package var batching: BatchPolicy? { settings.batch }

    /// One write and one fsync per file. Not abandoned on cancellation: what was written is reported.
    package func deliver(_ records: [Record]) async -> [SinkResult] {
        let plan = FilePlan(records, path: settings.path, envelope: settings.envelope)
        let failures = await files.run { [writes = plan.writes] files in
            var failures: [String: FileFailure] = [:]
            for write in writes {
                do throws(FileFailure) {
                    try files.append(write.lines, to: write.path)
                } catch {
                    failures[write.path] = error
                }
            }
            return failures
        }
        return plan.results(failures: failures)
    }

    /// Closes the files and gives up their locks. A later delivery opens them again.
    package func close() async {
        await files.run { $0.closeAll() }
    }
}

/// Which bytes go to which file, and which record is where.
struct FilePlan {
    struct Write: Sendable {
        let path: String
        var lines: [UInt8]
    }

    private enum Place {
        case file(String)
        case refused(SinkResult)
    }

    /// One per file, in order of the first record of each.
    private(set) var writes: [Write] = []
    private var places: [Place] = []

    init(_ records: [Record], path: PathTemplate, envelope: Bool) {
        let encoder = FileLine(envelope: envelope)
        var indexes: [String: Int] = [:]
        for record in records {
            switch encoder.line(for: record) {
            case .failure(let refusal):
                places.append(.refused(.reject(refusal.reason, detail: refusal.detail)))
            case .success(let line):
                let path = path.path(for: record)
                let index = indexes[path] ?? writes.count
                if index == writes.count {
                    indexes[path] = index
                    writes.append(Write(path: path, lines: []))
                }
                writes[index].lines += line
                places.append(.file(path))
            }
        }
    }

    /// One result per record, in the order of the records.
    func results(failures: [String: FileFailure]) -> [SinkResult] {
        places.map { place in
            switch place {
            case .refused(let result): result
            case .file(let path): failures[path]?.sinkResult ?? .delivered
            }
        }
    }
}
