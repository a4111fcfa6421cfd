/// Where one record's parts lie in its batch's uncompressed bytes.
struct RecordView {
    /// The record with its length.
    var whole: Range<Int>
    var timestampDelta: Int64
    var offsetDelta: Int32
    /// nil for a null key.
    var key: Range<Int>?
    /// nil for a tombstone.
    var value: Range<Int>?
    /// From behind the offset delta to the end: key, value and headers as they are.
    var tail: Range<Int>
}

/// Records of an uncompressed batch, or of a compressed one's inflated bytes.
///
/// Ends early (`isDamaged`) when the bytes are not records: checked before anything is indexed.
struct RecordCursor {
    private let bytes: [UInt8]
    private var position: Int
    private var left: Int
    /// The bytes ended or made no sense before the last record.
    private(set) var isDamaged = false

    /// - Parameter start: the first record's place, behind the header of a whole batch.
    init(_ bytes: [UInt8], from start: Int = BatchHeader.byteCount, count: Int) {
        self.bytes = bytes
        position = start
        left = count
    }

    mutating func next() -> RecordView? {
        guard left > 0, !isDamaged else { return nil }
        guard let record = parse() else {
            isDamaged = true
            return nil
        }
        left -= 1
        position = record.whole.upperBound
        return record
    }

    private func parse() -> RecordView? {
        var place = position
        guard let length = varint(&place), length > 0, length <= bytes.count - place else { return nil }
        let end = place + Int(length)
        place += 1
        guard let timestampDelta = varint(&place), let offsetDelta = varint(&place),
            let offset = Int32(exactly: offsetDelta)
        else { return nil }
        let tail = place
        guard tail <= end, let key = field(&place, end), let value = field(&place, end) else { return nil }
        return RecordView(
            whole: position..<end,
            timestampDelta: timestampDelta,
            offsetDelta: offset,
            key: key.range,
            value: value.range,
            tail: tail..<end
        )
    }

    private func field(_ place: inout Int, _ end: Int) -> (range: Range<Int>?, Void)? {
        guard let length = varint(&place), place <= end, length <= end - place else { return nil }
        guard length >= 0 else { return (nil, ()) }
        let range = place..<(place + Int(length))
        place = range.upperBound
        return (range, ())
    }

    /// A zigzag varint of up to ten bytes.
    private func varint(_ place: inout Int) -> Int64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count, shift < 70 {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
            shift += 7
        }
        return nil
    }
}

extension [UInt8] {
    /// Appends a zigzag varint.
    mutating func appendVarint(_ value: Int64) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
