internal import Log

/// What the journal says of one stretch of a partition's log.
///
/// ```
///        before ─┐              ┌─ latest
///   …  ──────────┤first … … next├──────────  …      offsets, next not included
///                └── entries ───┘
/// ```
///
/// A row speaks for *every* offset in `first..<next`: those without an entry hold no record, or one that matters neither
/// as a key nor to log time. So rows whose ranges touch leave no doubt between them, and a gap is seen.
///
/// A row is expired, and may be deleted, once the committed log time is at least `latest` plus the window: the expiry is
/// not stored, so a changed window needs no rewrite. Rows of a partition expire in the order of their offsets.
struct BatchRow: Sendable, Equatable {
    let partition: TopicPartition
    let first: Offset
    let next: Offset
    /// Log time before `first`: nothing earlier in the log is younger. ``DedupeWindow/beginning`` when there is nothing
    /// earlier that counts.
    let before: Int64
    /// Log time after the last record of the row.
    let latest: Int64
    /// The entries as ``EntryCodec`` writes them, in offset order.
    let entries: [UInt8]

    var header: RowHeader { RowHeader(first: first, next: next, before: before, latest: latest) }
}

/// A row without its entries.
struct RowHeader: Sendable, Equatable {
    let first: Offset
    let next: Offset
    let before: Int64
    let latest: Int64
}

/// What happened at one offset.
struct RowEntry: Sendable, Equatable {
    let offset: Int64
    /// Clamped, see ``DedupeWindow/clamp(_:)``.
    let timestamp: Int64
    /// ``DedupeKey/none`` for a record without a key that moved log time.
    let key: DedupeKey
}

extension RowHeader {
    /// A checksum over the row's header and entries, under the journal's salt.
    func checksum(
        of partition: TopicPartition,
        entries: UnsafeRawBufferPointer,
        hasher: DedupeHasher
    ) -> Int64 {
        var words: [UInt64] = [
            UInt64(bitPattern: Int64(partition.partition.rawValue)),
            UInt64(bitPattern: first.rawValue), UInt64(bitPattern: next.rawValue),
            UInt64(bitPattern: before), UInt64(bitPattern: latest),
        ]
        let content = unsafe SipHash128.hash(entries, key: hasher.salt)
        words += [content.0, content.1]
        let described = unsafe hasher.hash(words.span.bytes)
        return Int64(bitPattern: DedupeHasher(salt: described).hash(partition.topic.rawValue).0)
    }
}
