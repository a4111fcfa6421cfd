internal import KafkaProtocol
internal import NIOCore

/// Batches on their way into a file: their new headers in memory of ours, their records where the request has them.
///
/// Safe as long as it is used inside the closure that lends the bytes it was made of; it never leaves `append`.
@safe
struct BatchPieces {
    private let bytes: UnsafeRawBufferPointer
    /// With final offsets after `place`.
    private(set) var headers: [BatchHeader]
    private var prefixes: [UInt8] = []
    /// ms, after `stamp`.
    private(set) var logAppendTime: Int64?

    /// The headers are those of the batches in `bytes`, checked, and cover all of it.
    init(_ bytes: UnsafeRawBufferPointer, _ headers: [BatchHeader], leaderEpoch: Int32) {
        unsafe self.bytes = bytes
        self.headers = headers
        prefixes.reserveCapacity(headers.count * BatchHeader.byteCount)
        var position = 0
        for header in headers {
            unsafe prefixes.append(contentsOf: bytes[position..<position + BatchHeader.byteCount])
            prefixes.storeBigEndian(leaderEpoch, at: prefixes.count - BatchHeader.byteCount + 12)
            position += header.byteCount
        }
    }

    var byteCount: Int { unsafe bytes.count }

    /// Offsets that the batches take.
    var offsetCount: Int64 { headers.reduce(0) { $0 + Int64($1.lastOffsetDelta) + 1 } }

    /// Gives the batches the broker's time (`LogAppendTime`): attribute, largest timestamp, and with them the checksum.
    mutating func stamp(_ now: Int64) {
        logAppendTime = now
        var position = 0
        for index in headers.indices {
            let start = index * BatchHeader.byteCount
            headers[index].attributes |= 0x08
            headers[index].maxTimestamp = now
            prefixes.storeBigEndian(headers[index].attributes, at: start + 21)
            prefixes.storeBigEndian(now, at: start + 35)
            let covered = Array(prefixes[start + BatchHeader.checksumOrigin..<start + BatchHeader.byteCount])
            let records = position + BatchHeader.byteCount..<position + headers[index].byteCount
            let checksum = unsafe CRC32C.checksum(
                UnsafeRawBufferPointer(rebasing: bytes[records]),
                extending: CRC32C.checksum(covered)
            )
            headers[index].checksum = checksum
            prefixes.storeBigEndian(checksum, at: start + 17)
            position += headers[index].byteCount
        }
    }

    /// Gives the batches their offsets, which the checksum does not cover.
    mutating func place(at offset: Int64) {
        var offset = offset
        for index in headers.indices {
            headers[index].baseOffset = offset
            prefixes.storeBigEndian(offset, at: index * BatchHeader.byteCount)
            offset = headers[index].nextOffset
        }
    }

    func write(to file: any DiskFile, at position: Int) throws(StorageError) {
        try unsafe prefixes.lend { (prefixes) throws(StorageError) in
            var pieces: [UnsafeRawBufferPointer] = unsafe []
            var start = 0
            for index in headers.indices {
                let prefix = index * BatchHeader.byteCount..<(index + 1) * BatchHeader.byteCount
                let end = start + headers[index].byteCount
                unsafe pieces.append(UnsafeRawBufferPointer(rebasing: prefixes[prefix]))
                unsafe pieces.append(UnsafeRawBufferPointer(rebasing: bytes[start + BatchHeader.byteCount..<end]))
                start = end
            }
            try unsafe file.write(pieces, at: position)
        }
    }

    /// The marker in a control batch, nil for control batches of other kinds.
    func control(at index: Int) -> ControlRecord? {
        let start = headers[..<index].reduce(0) { $0 + $1.byteCount }
        return unsafe ControlRecord.read(ByteBuffer(bytes: bytes[start..<start + headers[index].byteCount]))
    }
}

extension ControlRecord {
    /// The marker in a control batch; nil for those of other kinds, which end no transaction.
    static func read(_ bytes: ByteBuffer) -> ControlRecord? {
        var bytes = bytes
        do {
            return try ControlRecord(RecordBatch(readingFrom: &bytes))
        } catch {
            return nil
        }
    }
}

extension CRC32C {
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe checksum($0) }
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` for a body that throws our error.
    func lend(_ body: (UnsafeRawBufferPointer) throws(StorageError) -> Void) throws(StorageError) {
        var failure: StorageError?
        unsafe withUnsafeBytes { bytes in
            do throws(StorageError) { try unsafe body(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
