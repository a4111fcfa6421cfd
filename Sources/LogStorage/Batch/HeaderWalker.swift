internal import KafkaProtocol

/// Batch headers of a segment file one after another, read in blocks; records are skipped.
struct HeaderWalker {
    private static let block = 4096

    let file: any DiskFile
    let path: String
    /// Where the bytes end; a batch that reaches beyond is damage.
    let limit: Int
    /// Offsets that batches here may have; the lower bound moves on with each batch.
    private var offsets: Range<Int64>
    /// Where the next header is read.
    private(set) var position: Int
    private var buffer: [UInt8] = []
    private var bufferPosition = 0

    init(file: any DiskFile, path: String, offsets: Range<Int64>, from position: Int, limit: Int) {
        self.file = file
        self.path = path
        self.offsets = offsets
        self.position = position
        self.limit = limit
    }

    /// The next header, nil at the limit. `position` is then behind its batch.
    /// - Throws: `.damaged` when there is no batch where one must be; `position` stays.
    mutating func next() throws(StorageError) -> BatchHeader? {
        guard position < limit else { return nil }
        guard let header = try header(at: position), position + header.byteCount <= limit, fits(header) else {
            throw StorageError(.damaged, "no whole record batch at byte \(position) of \(limit)", path: path)
        }
        position += header.byteCount
        offsets = header.nextOffset..<offsets.upperBound
        return header
    }

    /// Whether the batch can follow those before it and precede the next segment. Offsets are not in the checksum.
    func fits(_ header: BatchHeader) -> Bool {
        header.baseOffset >= offsets.lowerBound && header.nextOffset <= offsets.upperBound
    }

    /// Whether the batch at `position`, if there is one to be seen, follows those walked.
    mutating func isFollowed(upTo end: Int) throws(StorageError) -> Bool {
        guard position + BatchHeader.byteCount <= end, let next = try header(at: position, limit: end) else {
            return true
        }
        return next.baseOffset >= offsets.lowerBound
    }

    /// The header at a place, nil when the bytes there cannot be one.
    mutating func header(at place: Int, limit: Int? = nil) throws(StorageError) -> BatchHeader? {
        let limit = limit ?? self.limit
        if place < bufferPosition || place + BatchHeader.byteCount > bufferPosition + buffer.count {
            buffer = try file.bytes(at: place, count: max(0, min(Self.block, limit - place)))
            bufferPosition = place
        }
        return unsafe buffer.withUnsafeBytes { bytes in
            unsafe BatchHeader(UnsafeRawBufferPointer(rebasing: bytes[(place - bufferPosition)...]))
        }
    }
}

extension DiskFile {
    /// Whether the batch at `position` is what its checksum says; read in blocks of 256 KiB.
    func matchesChecksum(_ header: BatchHeader, at position: Int) throws(StorageError) -> Bool {
        var crc: UInt32 = 0
        var place = position + BatchHeader.checksumOrigin
        let end = position + header.byteCount
        while place < end {
            let block = try bytes(at: place, count: min(256 << 10, end - place))
            guard !block.isEmpty else { return false }
            crc = unsafe block.withUnsafeBytes { unsafe CRC32C.checksum($0, extending: crc) }
            place += block.count
        }
        return crc == header.checksum
    }
}
