/// One fixed-size entry of an index file, in Kafka's layout.
protocol IndexEntry: Sendable {
    static var byteCount: Int { get }
    init(_ bytes: UnsafeRawBufferPointer)
    func append(to bytes: inout [UInt8])
}

/// `.index`: the last offset of the batch that begins at `position`, relative to the segment's base.
struct OffsetEntry: IndexEntry {
    static let byteCount = 8
    var relativeOffset: Int32
    var position: Int32

    init(relativeOffset: Int32, position: Int32) {
        self.relativeOffset = relativeOffset
        self.position = position
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        relativeOffset = unsafe bytes.integer(at: 0)
        position = unsafe bytes.integer(at: 4)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(relativeOffset)
        bytes.appendBigEndian(position)
    }
}

/// `.timeindex`: no record before the entry was made has a larger timestamp; the relative offset is the last of the
/// batch that has it.
struct TimeEntry: IndexEntry {
    static let byteCount = 12
    var timestamp: Int64
    var relativeOffset: Int32

    init(timestamp: Int64, relativeOffset: Int32) {
        self.timestamp = timestamp
        self.relativeOffset = relativeOffset
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        timestamp = unsafe bytes.integer(at: 0)
        relativeOffset = unsafe bytes.integer(at: 8)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(timestamp)
        bytes.appendBigEndian(relativeOffset)
    }
}

/// `.txnindex`: a transaction whose abort marker lies in the segment (Kafka's `AbortedTxn`, version 0).
struct AbortedEntry: IndexEntry, Hashable {
    static let byteCount = 34
    var producerID: Int64
    var firstOffset: Int64
    /// The marker's.
    var lastOffset: Int64
    /// The last stable offset when the marker was written: a reader above it looks no further.
    var lastStableOffset: Int64

    init(producerID: Int64, firstOffset: Int64, lastOffset: Int64, lastStableOffset: Int64) {
        self.producerID = producerID
        self.firstOffset = firstOffset
        self.lastOffset = lastOffset
        self.lastStableOffset = lastStableOffset
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        producerID = unsafe bytes.integer(at: 2)
        firstOffset = unsafe bytes.integer(at: 10)
        lastOffset = unsafe bytes.integer(at: 18)
        lastStableOffset = unsafe bytes.integer(at: 26)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.appendBigEndian(Int16(0))
        bytes.appendBigEndian(producerID)
        bytes.appendBigEndian(firstOffset)
        bytes.appendBigEndian(lastOffset)
        bytes.appendBigEndian(lastStableOffset)
    }
}
