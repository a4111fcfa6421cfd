public import Log

/// Which offset of a partition is asked for.
public enum OffsetSpecification: Sendable, Hashable {
    /// Of the first record that is still there.
    case earliest
    /// After the last record: the high watermark, open transactions included.
    case latest
    /// Of the first record at this time or later.
    case at(Timestamp)
    /// Of the record with the highest timestamp (KIP-734). Needs librdkafka 2.3 and a broker from 3.0 on.
    case maxTimestamp
}

/// An offset that was found in a partition.
public struct ListedOffset: Sendable, Hashable {
    /// `nil` where no record matches, as with a time after the last record's.
    public let offset: Offset?
    /// Of the record there; `nil` for ``OffsetSpecification/earliest`` and ``OffsetSpecification/latest``, and always with
    /// librdkafka before 2.3.
    public let timestamp: Timestamp?
}

/// Up to where records are deleted.
public enum DeletionPoint: Sendable, Hashable {
    /// Records before this offset; it may be the partition's end.
    case before(Offset)
    /// Every record that is there now.
    case end
}
