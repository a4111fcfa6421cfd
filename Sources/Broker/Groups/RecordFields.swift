/// A record of a coordinator's topic that is not what Kafka's format says.
package struct RecordFormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which record, which field, and what is wrong with it; never the record's contents.
    package let description: String

    init(_ record: String, _ problem: String) {
        description = "\(record): \(problem)"
    }
}

/// Writes the fields of Kafka's classic (not flexible) encoding: big endian, lengths in front.
struct FieldWriter {
    private(set) var bytes: [UInt8] = []

    /// Every record begins with the version of its schema.
    init(version: Int16) {
        put(version)
    }

    mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// Kafka's strings end at 32,767 bytes: requests are checked with `fitsRecord`, which is a little less.
    mutating func put(_ text: String) {
        precondition(text.utf8.count <= Int16.max, "a text that does not fit into a record was let through")
        put(Int16(text.utf8.count))
        bytes += text.utf8
    }

    mutating func put(nullable text: String?) {
        if let text { put(text) } else { put(Int16(-1)) }
    }

    mutating func put(_ data: [UInt8]) {
        put(Int32(clamping: data.count))
        bytes += data
    }
}

extension String {
    /// Whether the text, and an id that is made of it and a UUID, fit into a record.
    var fitsRecord: Bool { utf8.count <= 32_000 }
}

/// Reads what `FieldWriter` writes. Nothing is allocated for a length before the bytes are known to be there.
struct FieldReader {
    private let record: String
    private let bytes: [UInt8]
    private var next = 0
    let version: Int16

    /// Reads the version; `record` names the record in errors.
    init(_ bytes: [UInt8], record: String) throws(RecordFormatError) {
        guard bytes.count >= 2 else { throw RecordFormatError(record, "\(bytes.count) bytes, too short for a version") }
        self.record = record
        self.bytes = bytes
        version = Int16(bitPattern: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
        next = 2
    }

    private var left: Int { bytes.count - next }

    mutating func number<Number: FixedWidthInteger>(
        _ field: String,
        _: Number.Type = Number.self
    ) throws(RecordFormatError) -> Number {
        let size = Number.bitWidth / 8
        guard left >= size else { throw failure(field, "ends after \(left) of \(size) bytes") }
        var value: Number = 0
        for byte in bytes[next..<next + size] { value = value << 8 | Number(truncatingIfNeeded: byte) }
        next += size
        return value
    }

    mutating func string(_ field: String) throws(RecordFormatError) -> String {
        guard let text = try nullableString(field) else { throw failure(field, "is null") }
        return text
    }

    mutating func nullableString(_ field: String) throws(RecordFormatError) -> String? {
        let length = Int(try number(field, Int16.self))
        if length == -1 { return nil }
        let slice = try take(length, field)
        guard let text = String(validating: slice, as: UTF8.self) else { throw failure(field, "is not UTF-8") }
        return text
    }

    mutating func data(_ field: String) throws(RecordFormatError) -> [UInt8] {
        Array(try take(Int(try number(field, Int32.self)), field))
    }

    /// The number of elements of an array, each of which has at least `size` bytes; `nil` for a null array.
    mutating func count(_ field: String, elementSize size: Int) throws(RecordFormatError) -> Int? {
        let count = Int(try number(field, Int32.self))
        if count == -1 { return nil }
        guard count >= 0, count <= left / size else {
            throw failure(field, "says \(count) elements, \(left) bytes left")
        }
        return count
    }

    func failure(_ field: String, _ problem: String) -> RecordFormatError {
        RecordFormatError(record, "version \(version), \(field) \(problem)")
    }

    /// Refuses a version that this broker does not read.
    func requireVersion(in versions: ClosedRange<Int16>) throws(RecordFormatError) {
        guard versions.contains(version) else {
            throw RecordFormatError(
                record,
                "version \(version), this broker reads \(versions.lowerBound) to \(versions.upperBound)"
            )
        }
    }

    private mutating func take(_ length: Int, _ field: String) throws(RecordFormatError) -> ArraySlice<UInt8> {
        guard length >= 0, length <= left else { throw failure(field, "says \(length) bytes, \(left) left") }
        defer { next += length }
        return bytes[next..<next + length]
    }
}
