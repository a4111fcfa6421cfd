/// A segment's batches from the front, past damage: for recovery, rebuilding and verification.
struct SegmentScan {
    enum Step {
        case batch(BatchHeader, position: Int)
        /// Bytes that are no batch as it was written; the scan goes on with the next one that is.
        case damage(Range<Int>, reason: String)
    }

    private static let block = 64 << 10

    private let segment: LogSegment
    private let file: any DiskFile
    private let checksums: Bool
    private var walker: HeaderWalker
    private let offsets: Range<Int64>
    private let limit: Int
    /// Damage is passed over only before this place; at or behind it the scan ends there.
    private let passUntil: Int
    /// No batch begins with a smaller offset.
    private(set) var nextOffset: Int64
    /// Behind the last batch or damage.
    private(set) var position: Int

    /// With `checksums` each batch is read and checked, else only its header. Damage is passed over before the place
    /// `passUntil`, or everywhere. It begins at a batch boundary, by default the segment's begin.
    init(
        _ segment: LogSegment,
        checksums: Bool,
        passUntil: Int? = nil,
        from start: LogMark? = nil
    ) throws(StorageError) {
        self.segment = segment
        self.checksums = checksums
        file = try segment.file()
        limit = segment.byteCount
        self.passUntil = passUntil ?? limit
        nextOffset = start?.offset ?? segment.baseOffset
        position = start?.position ?? 0
        offsets = segment.offsetRange
        walker = try segment.walker(from: position, limit: limit)
    }

    /// The next step, nil at the end: of the file, or at damage that is not to be passed over (`position` is before it).
    mutating func next() throws(StorageError) -> Step? {
        guard position < limit else { return nil }
        if let header = try whole(at: position) {
            let start = position
            position += header.byteCount
            nextOffset = header.nextOffset
            return .batch(header, position: start)
        }
        guard position < passUntil else { return nil }
        let start = position
        position = try resume(after: start)
        return .damage(start..<position, reason: "no record batch with a right checksum")
    }

    /// The batch at a place, if it is one that can follow.
    private mutating func whole(at place: Int) throws(StorageError) -> BatchHeader? {
        guard let header = try walker.header(at: place), header.byteCount <= limit - place,
            header.baseOffset >= nextOffset, header.nextOffset <= offsets.upperBound
        else { return nil }
        if checksums { guard try file.matchesChecksum(header, at: place) else { return nil } }
        // Offsets are not in the checksum: one that overlaps the next batch, which fits those before, is wrong itself.
        if let next = try walker.header(at: place + header.byteCount), next.baseOffset >= nextOffset,
            next.baseOffset < header.nextOffset
        {
            return nil
        }
        return header
    }

    /// Where the next batch after damage begins: behind the damaged one if its length still makes sense, else at the
    /// first place where a batch has a right checksum, else at the end.
    private mutating func resume(after damaged: Int) throws(StorageError) -> Int {
        if let header = try walker.header(at: damaged), header.byteCount < limit - damaged,
            let next = try walker.header(at: damaged + header.byteCount), next.baseOffset >= nextOffset,
            next.byteCount <= limit - damaged - header.byteCount,
            try file.matchesChecksum(next, at: damaged + header.byteCount)
        {
            return damaged + header.byteCount
        }
        var place = damaged + 1
        while place < limit {
            let block = try file.bytes(at: place, count: min(Self.block, limit - place))
            guard block.count > BatchHeader.byteCount else { return limit }
            for candidate in Self.candidates(in: block, after: nextOffset) {
                guard let header = try whole(at: place + candidate) else { continue }
                if try file.matchesChecksum(header, at: place + candidate) { return place + candidate }
            }
            place += block.count - BatchHeader.byteCount
        }
        return limit
    }

    /// Places in a block where a header might begin.
    private static func candidates(in block: [UInt8], after offset: Int64) -> [Int] {
        (0..<block.count - BatchHeader.byteCount).filter { place in
            block[place + 16] == 2 && block.integer(at: place, as: Int64.self) >= offset
                && block.integer(at: place, as: Int64.self) - offset <= Int64(Int32.max)
                && block.integer(at: place + 8, as: Int32.self) >= 49
        }
    }
}
