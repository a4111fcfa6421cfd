internal import NIOCore

/// The file that compaction writes, named so that an interrupted pass is cleaned up by the next start.
struct CleanedFile {
    private static let block = 1 << 20

    let path: String
    private let file: any DiskFile
    private var buffer = ByteBuffer()
    private(set) var byteCount = 0

    init(directory: String, first: Int64, disk: any Disk) throws(StorageError) {
        path = SegmentPaths.path(directory, first, SegmentPaths.log + SegmentPaths.cleaned)
        file = try disk.open(path, create: true)
        try file.truncate(to: 0)
    }

    mutating func append(_ batch: ByteBuffer) throws(StorageError) {
        buffer.writeImmutableBuffer(batch)
        if buffer.readableBytes >= Self.block { try flush() }
    }

    /// Everything is on disk afterwards.
    mutating func finish() throws(StorageError) {
        try flush()
        try file.sync()
    }

    private mutating func flush() throws(StorageError) {
        let position = byteCount
        try unsafe buffer.withUnsafeReadableBytes { (bytes) throws(StorageError) in
            try unsafe file.write([bytes], at: position)
        }
        byteCount += buffer.readableBytes
        buffer.clear()
    }
}
