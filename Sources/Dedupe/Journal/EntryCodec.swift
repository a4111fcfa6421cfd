/// The bytes of a row's entries, in offset order:
///
/// ```
/// entry   = varint(gap << 1 | hasKey)  zigzag varint(timestamp - previous timestamp)  [ high: 8 B LE  low: 8 B LE ]
/// gap     = offset - (previous entry's offset + 1); for the first entry, offset - row.first
/// ```
///
/// The timestamp before the first entry counts as 0. Varints are LEB128 (Protocol Buffers' encoding). In a dense topic
/// an entry takes 18-19 bytes.
enum EntryCodec {
    private static let longestEntry = 10 + 10 + 16

    static func encode(_ entries: ArraySlice<PendingEntry>, first: Int64) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: entries.count * longestEntry) { buffer, count in
            var expected = first
            var timestamp: Int64 = 0
            for entry in entries {
                let hasKey: UInt64 = entry.key.isNone ? 0 : 1
                unsafe put(UInt64(bitPattern: entry.offset - expected) << 1 | hasKey, buffer, &count)
                let change = entry.timestamp - timestamp
                unsafe put(UInt64(bitPattern: change << 1 ^ change >> 63), buffer, &count)
                if hasKey == 1 { unsafe putKey(entry.key, buffer, &count) }
                expected = entry.offset + 1
                timestamp = entry.timestamp
            }
        }
    }

    private static func put(_ value: UInt64, _ buffer: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int) {
        var rest = value
        while rest >= 0x80 {
            unsafe buffer[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            count += 1
            rest >>= 7
        }
        unsafe buffer[count] = UInt8(truncatingIfNeeded: rest)
        count += 1
    }

    private static func putKey(_ key: DedupeKey, _ buffer: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int) {
        let raw = UnsafeMutableRawBufferPointer(buffer)
        unsafe raw.storeBytes(of: key.high.littleEndian, toByteOffset: count, as: UInt64.self)
        unsafe raw.storeBytes(of: key.low.littleEndian, toByteOffset: count + 8, as: UInt64.self)
        count += 16
    }
}

/// Reads entries back one by one; what does not decode ends the reading with ``EntryReader/isDamaged`` set.
@safe
struct EntryReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var expected: Int64
    private var timestamp: Int64 = 0
    private(set) var isDamaged = false

    /// `bytes` must stay valid while the reader is used.
    init(_ bytes: UnsafeRawBufferPointer, first: Int64) {
        unsafe self.bytes = bytes
        expected = first
    }

    mutating func next() -> RowEntry? {
        guard unsafe position < bytes.count, !isDamaged else { return nil }
        guard let head = varint(), let zigzag = varint() else { return damaged() }
        let (offset, offsetOverflow) = expected.addingReportingOverflow(Int64(head >> 1))
        let change = Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
        let (time, timeOverflow) = timestamp.addingReportingOverflow(change)
        guard !offsetOverflow, offset < Int64.max, !timeOverflow, DedupeWindow.clamp(time) == time else {
            return damaged()
        }
        var key = DedupeKey.none
        if head & 1 == 1 {
            guard unsafe position + 16 <= bytes.count else { return damaged() }
            key = DedupeKey(high: word(at: position), low: word(at: position + 8))
            position += 16
        }
        expected = offset + 1
        timestamp = time
        return RowEntry(offset: offset, timestamp: time, key: key)
    }

    private mutating func damaged() -> RowEntry? {
        isDamaged = true
        return nil
    }

    private func word(at position: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while unsafe position < bytes.count, shift < 64 {
            let byte = unsafe bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
