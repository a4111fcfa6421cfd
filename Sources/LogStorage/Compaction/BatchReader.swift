internal import KafkaProtocol
internal import NIOCore

/// Whole batches of a segment from the front, checked.
struct BatchReader {
    private var scan: SegmentScan
    private let file: any DiskFile
    private let path: String

    init(_ segment: LogSegment) throws(StorageError) {
        scan = try SegmentScan(segment, checksums: true)
        file = try segment.file()
        path = segment.path
    }

    /// - Throws: `.damaged` at bytes that are not what was written: such a segment is left as it is.
    mutating func next() throws(StorageError) -> RecordBatch? {
        guard let step = try scan.next() else { return nil }
        guard case .batch(let header, let position) = step else {
            throw StorageError(.damaged, "damage before byte \(scan.position)", path: path)
        }
        do {
            var bytes = ByteBuffer(bytes: try file.bytes(at: position, count: header.byteCount))
            return try RecordBatch(readingFrom: &bytes)
        } catch {
            throw StorageError(.damaged, "the batch at byte \(position): \(error)", path: path)
        }
    }
}
