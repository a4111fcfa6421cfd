/// How a batch's records are stored and what they are.
package struct RecordBatchAttributes: RawRepresentable, Hashable, Sendable {
    /// Bits 0-2 codec, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon (KIP-534).
    package var rawValue: Int16

    package init(rawValue: Int16) { self.rawValue = rawValue }

    package init(compression: Compression = .none, isTransactional: Bool = false, isControl: Bool = false) {
        rawValue = Int16(compression.rawValue) | (isTransactional ? 0x10 : 0) | (isControl ? 0x20 : 0)
    }

    /// Nil for a codec that does not exist.
    package var compression: Compression? { Compression(rawValue: Int8(rawValue & 7)) }

    /// Whether the broker's clock gave the records their time; all then have the batch's greatest timestamp.
    package var isLogAppendTime: Bool {
        get { rawValue & 0x8 != 0 }
        set { rawValue = newValue ? rawValue | 0x8 : rawValue & ~0x8 }
    }

    package var isTransactional: Bool { rawValue & 0x10 != 0 }

    /// Whether the batch holds a transaction's marker, which consumers do not get to see.
    package var isControl: Bool { rawValue & 0x20 != 0 }

    /// Whether the base timestamp is the time from which compaction may drop tombstones and markers.
    package var hasDeleteHorizon: Bool {
        get { rawValue & 0x40 != 0 }
        set { rawValue = newValue ? rawValue | 0x40 : rawValue & ~0x40 }
    }
}

/// How the records of a batch are compressed.
package enum Compression: Int8, Sendable, CaseIterable {
    case none = 0
    case gzip = 1
    case snappy = 2
    case lz4 = 3
    /// KIP-110; Produce below 7 and Fetch below 10 must not carry it.
    case zstd = 4
}
