package import ConnectorKit

/// What the `file` sink writes and where.
package struct FileSinkSettings: Sendable {
    /// `path` (text, required): see ``PathTemplate``. Folders are made as needed.
    package let path: PathTemplate
    /// `envelope` (true or false, default: false): one object per line with topic, partition, offset, timestamp, key,
    /// headers and value, instead of the value alone.
    package let envelope: Bool
    /// `batch` (default: max 1000 within 20 ms; range of max: 1-10000): how many lines share one fsync.
    package let batch: BatchPolicy
    /// `open_files` (number, default: 64, range: 1-1024): files kept open; the least recently written is closed first.
    package let openFiles: Int

    /// - Throws: a ``ConnectorError`` that names the setting.
    package init(
        path: PathTemplate,
        envelope: Bool = false,
        batch: BatchPolicy = BatchPolicy(max: 1000, within: .milliseconds(20)),
        openFiles: Int = 64
    ) throws(ConnectorError) {
        try ConnectorError.check("batch.max", batch.max, in: 1...10_000)
        try ConnectorError.check("batch.within", batch.within, in: .zero ... .seconds(60))
        try ConnectorError.check("open_files", openFiles, in: 1...1024)
        self.path = path
        self.envelope = envelope
        self.batch = batch
        self.openFiles = openFiles
    }
}
