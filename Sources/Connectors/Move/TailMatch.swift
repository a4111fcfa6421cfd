package import Log

/// Where reading goes on in another cluster's copy of a partition.
package struct TailMatch: Sendable, Hashable {
    /// The offset in the target that stands for the committed one of the source.
    package var offset: Offset
    /// How many records follow it, in both clusters.
    package var records: Int64
    /// How many offsets the source's retention deleted before they were read.
    package var deletedUnread: Int64
}

/// Finds the offset in a copy of a partition that means the same as one in the original.
///
/// Offsets of the two differ: transactions leave markers, retention and compaction leave gaps. What must be the same are
/// the records from the offset to the end, which are compared one by one: key, value, headers and timestamp.
///
/// ```
/// source   … r7 r8 | r9 M r10 M          committed 9: two records follow
/// target   … r7 M r8 M | r9 r10 M        the last two records are the same ones, so reading goes on at r9
/// ```
struct TailSearch {
    let source: any LogReader
    let target: any LogReader

    /// Why there is no such offset, as the end of a sentence that begins with the partition.
    struct Mismatch: Error {
        let reason: String
    }

    /// Where the target's copy of `partition` goes on for who has read the original up to `committed`. Nobody writes to
    /// either while they are compared, so their bounds stay as they are.
    ///
    /// - Throws: ``Mismatch``; what reading throws.
    func find(
        _ committed: Offset,
        of partition: TopicPartition,
        in sourceBounds: Range<Offset>,
        _ targetBounds: Range<Offset>
    ) async throws -> TailMatch {
        guard committed <= sourceBounds.upperBound else {
            throw Mismatch(
                reason: "the committed offset \(committed) lies beyond the end \(sourceBounds.upperBound) of the source"
            )
        }
        let first = max(committed, sourceBounds.lowerBound)
        let count = try await records(source, partition, first..<sourceBounds.upperBound)
        var match = TailMatch(
            offset: targetBounds.upperBound,
            records: count,
            deletedUnread: committed.distance(to: first)
        )
        if count == 0 {
            try await compareLast(partition, sourceBounds, targetBounds)
        } else {
            match.offset = try await compareTail(
                partition,
                first..<sourceBounds.upperBound,
                try await start(of: count, in: partition, targetBounds)
            )
        }
        return match
    }

    /// A range at the end of the target's partition, and how many of its records come before its last `count`.
    private func start(
        of count: Int64,
        in partition: TopicPartition,
        _ bounds: Range<Offset>
    ) async throws -> (range: Range<Offset>, before: Int64) {
        var step = count + 16
        while true {
            let range = max(bounds.lowerBound, bounds.upperBound.advanced(by: -step))..<bounds.upperBound
            let found = try await records(target, partition, range)
            if found >= count { return (range, found - count) }
            guard range.lowerBound > bounds.lowerBound else {
                throw Mismatch(
                    reason:
                        "\(count) records follow the committed offset in the source, and the target has \(found) in all"
                )
            }
            step *= 2
        }
    }

    /// Compares the source's records of `range` with the last ones of the target.
    /// - Returns: the offset of the first of them in the target.
    private func compareTail(
        _ partition: TopicPartition,
        _ range: Range<Offset>,
        _ tail: (range: Range<Offset>, before: Int64)
    ) async throws -> Offset {
        let originals = try await RangeReader(source, partition, range)
        let copies = try await RangeReader(target, partition, tail.range)
        for _ in 0..<tail.before { _ = try await copies.next() }
        var first: Offset?
        while let original = try await originals.next() {
            guard let copy = try await copies.next() else {
                throw Mismatch(reason: "the target has no record for offset \(original.offset) of the source")
            }
            try compare(original, copy)
            first = first ?? copy.offset
        }
        if let extra = try await copies.next() {
            throw Mismatch(reason: "the target has a record at offset \(extra.offset) that the source has not")
        }
        return first ?? tail.range.upperBound
    }

    /// Where nothing is left to be read, the last record that was read must be the target's last one, too.
    private func compareLast(
        _ partition: TopicPartition,
        _ sourceBounds: Range<Offset>,
        _ targetBounds: Range<Offset>
    ) async throws {
        guard let original = try await last(source, partition, sourceBounds) else { return }
        guard let copy = try await last(target, partition, targetBounds) else {
            throw Mismatch(reason: "the last record, at offset \(original.offset) of the source, is not in the target")
        }
        try compare(original, copy)
    }

    private func compare(_ original: MessageView, _ copy: MessageView) throws(Mismatch) {
        guard let difference = original.difference(from: copy) else { return }
        throw Mismatch(
            reason: "offset \(original.offset) of the source and offset \(copy.offset) of the target differ in "
                + "\(difference)"
        )
    }

    private func records(
        _ reader: any LogReader,
        _ partition: TopicPartition,
        _ range: Range<Offset>
    ) async throws -> Int64 {
        let messages = try await RangeReader(reader, partition, range)
        var count: Int64 = 0
        while try await messages.next() != nil { count += 1 }
        return count
    }

    private func last(
        _ reader: any LogReader,
        _ partition: TopicPartition,
        _ bounds: Range<Offset>
    ) async throws -> MessageView? {
        var step: Int64 = 16
        while true {
            let range = max(bounds.lowerBound, bounds.upperBound.advanced(by: -step))..<bounds.upperBound
            let messages = try await RangeReader(reader, partition, range)
            var last: MessageView?
            while let message = try await messages.next() { last = message }
            if last != nil || range.lowerBound == bounds.lowerBound { return last }
            step *= 4
        }
    }
}

extension MessageView {
    /// What is not the same in two copies of a record, in a word; `nil` when they are the same. A timestamp that no producer
    /// can set (0 and below) tells nothing.
    func difference(from other: MessageView) -> String? {
        if !same(key, other.key) { return "their key" }
        if !same(value, other.value) { return "their value" }
        if headers() != other.headers() { return "their headers" }
        if let timestamp, timestamp.rawValue > 0, timestamp != other.timestamp { return "their timestamp" }
        return nil
    }
}

/// Null and empty are not the same.
private func same(_ left: UnsafeRawBufferPointer?, _ right: UnsafeRawBufferPointer?) -> Bool {
    switch (left, right) {
    case (nil, nil): true
    case (let left?, let right?): left.elementsEqual(right)
    default: false
    }
}
