internal import KafkaProtocol

/// A few numbers in a small file with a checksum: recovery point, clean stop, start offset, cleaner's progress.
///
/// `magic Int32, version Int16, count Int16, values Int64…, crc32c UInt32`, big-endian.
struct Checkpoint {
    private static let magic: Int32 = 0x4255_5342
    private static let version: Int16 = 1

    let path: String
    let disk: any Disk

    /// - Returns: nil when the file is missing, torn or damaged.
    /// - Throws: `.newerFormat`, `.io`.
    func read() throws(StorageError) -> [Int64]? {
        guard let bytes = try AtomicFile(path, on: disk).read() else { return nil }
        guard bytes.count >= 12, bytes.integer(at: 0) == Self.magic else { return nil }
        let count = Int(bytes.integer(at: 6, as: Int16.self))
        let end = 8 + count * 8
        guard count >= 0, bytes.count >= end + 4, CRC32C.checksum(Array(bytes[..<end])) == bytes.integer(at: end)
        else { return nil }
        let version: Int16 = bytes.integer(at: 4)
        guard version == Self.version else {
            throw StorageError(.newerFormat, "version \(version); this program reads \(Self.version)", path: path)
        }
        return (0..<count).map { bytes.integer(at: 8 + $0 * 8) }
    }

    /// Replaces the file in one durable step.
    func replace(_ values: [Int64]) throws(StorageError) {
        try AtomicFile(path, on: disk).replace(Self.encoded(values))
    }

    /// Overwrites in place without waiting for the disk: a lower bound that a power loss may take back.
    func overwrite(_ values: [Int64]) throws(StorageError) {
        try disk.open(path, create: true).write(Self.encoded(values), at: 0)
    }

    private static func encoded(_ values: [Int64]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(magic)
        bytes.appendBigEndian(version)
        bytes.appendBigEndian(Int16(values.count))
        for value in values { bytes.appendBigEndian(value) }
        bytes.appendBigEndian(CRC32C.checksum(bytes))
        return bytes
    }
}
