import Testing

@testable import Dedupe

@Suite struct EntryCodecTests {
    private func entries(_ count: Int, seed: UInt64) -> [PendingEntry] {
        var random = SeededGenerator(seed: seed)
        var offset = Int64.random(in: 0...1 << 40, using: &random)
        return (0..<count).map { _ in
            offset += Int64.random(in: 1...(random.chance(5) ? 1 << 50 : 3), using: &random)
            return PendingEntry(
                offset: offset,
                timestamp: random.chance(10)
                    ? Int64.random(in: 0...1 << 52, using: &random) : 1_700_000_000_000 + offset % 977,
                key: random.chance(10) ? .none : DedupeKey(high: random.next(), low: random.next()),
                previous: 0,
                logTimeBefore: 0
            )
        }
    }

    private func decode(_ bytes: [UInt8], first: Int64) -> (entries: [RowEntry], isDamaged: Bool) {
        bytes.withUnsafeBytes { raw in
            var reader = EntryReader(raw, first: first)
            var entries: [RowEntry] = []
            while let entry = reader.next() { entries.append(entry) }
            return (entries, reader.isDamaged)
        }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func whatIsWrittenIsRead(seed: UInt64) throws {
        let written = entries(Int(seed) * 20, seed: seed)
        let first = try #require(written.first).offset - 5
        let read = decode(EntryCodec.encode(written[...], first: first), first: first)
        #expect(!read.isDamaged)
        #expect(
            read.entries == written.map { RowEntry(offset: $0.offset, timestamp: $0.timestamp, key: $0.key) },
            "seed \(seed)"
        )
    }

    @Test func everyTruncationIsNoticedOrEndsAtAnEntry() throws {
        let written = entries(6, seed: 3)
        let bytes = EntryCodec.encode(written[...], first: 0)
        for length in 0..<bytes.count {
            let read = decode(Array(bytes.prefix(length)), first: 0)
            let whole = EntryCodec.encode(written.prefix(read.entries.count), first: 0)
            #expect(read.isDamaged || whole.count == length, "\(length) bytes")
        }
    }

    @Test func garbageNeverTraps() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                UInt8(truncatingIfNeeded: random.next()) | 0x80
            }
            _ = decode(bytes, first: Int64.random(in: 0...Int64.max, using: &random))
        }
        #expect(decode([UInt8](repeating: 0xff, count: 40), first: 0).isDamaged)
    }

    @Test func aDenseTopicTakesTwentyBytesAKey() {
        var random = SeededGenerator(seed: 5)
        let written = (0..<5000).map { index in
            PendingEntry(
                offset: Int64(index),
                timestamp: 1_700_000_000_000 + Int64(index / 3),
                key: DedupeKey(high: random.next(), low: random.next()),
                previous: 0,
                logTimeBefore: 0
            )
        }
        #expect(EntryCodec.encode(written[...], first: 0).count <= 5000 * 18 + 10)
    }
}
