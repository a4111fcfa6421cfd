import Testing

@testable import Dedupe

@Suite struct DedupeHasherTests {
    /// Inputs 00 01 02 … under the key 00 01 … 0f, as in the reference code's `vectors_sip128`; computed with OpenSSL 3.0
    /// (`openssl mac -macopt size:16 SIPHASH`).
    static let vectors: [(count: Int, hash: String)] = [
        (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
        (7, "a1f1ebbed8dbc153c0b84aa61ff08239"), (8, "3b62a9ba6258f5610f83e264f31497b4"),
        (9, "264499060ad9baabc47f8b02bb6d71ed"), (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
        (16, "6ee2a4ca67b054bbfd3315bf85230577"), (31, "2939b0183223fafc1723de4f52c43d35"),
        (63, "5150d1772f50834a503e069a973fbd7c"),
    ]

    @Test(arguments: vectors)
    func sipHashMatchesTheReference(count: Int, hash: String) {
        let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
        let words = [UInt8](0..<UInt8(count)).withUnsafeBytes { SipHash128.hash($0, key: key) }
        let bytes = [words.0, words.1].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
        #expect(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == hash)
    }

    @Test func theSaltDecidesTheKey() {
        let one = DedupeHasher(salt: (1, 2))
        #expect(one.key(of: "a1") == DedupeHasher(salt: (1, 2)).key(of: "a1"))
        #expect(one.key(of: "a1") != DedupeHasher(salt: (1, 3)).key(of: "a1"))
        #expect(DedupeHasher() != DedupeHasher())
    }

    @Test func aReplayHasKeysOfItsOwn() {
        let hasher = DedupeHasher()
        let id = Array("a1".utf8), first = Array("replay-1".utf8), second = Array("replay-2".utf8)
        let original = hasher.key(of: id.span.bytes)
        let replayed = hasher.key(of: id.span.bytes, replayID: first.span.bytes)
        #expect(hasher.key(of: id.span.bytes, replayID: nil) == original)
        #expect(replayed != original)
        #expect(replayed == hasher.key(of: id.span.bytes, replayID: first.span.bytes))
        #expect(replayed != hasher.key(of: id.span.bytes, replayID: second.span.bytes))
        #expect(hasher.key(of: "a1") == original)
    }

    @Test func partsAreNotConcatenated() {
        let hasher = DedupeHasher()
        let ab = Array("ab".utf8), c = Array("c".utf8), a = Array("a".utf8), bc = Array("bc".utf8)
        #expect(hasher.then(ab.span.bytes).key(of: c.span.bytes) != hasher.then(a.span.bytes).key(of: bc.span.bytes))
        #expect(hasher.then(ab.span.bytes).key(of: c.span.bytes) != hasher.key(of: "abc"))
        #expect(
            hasher.then(a.span.bytes).key(of: c.span.bytes)
                != hasher.key(of: c.span.bytes, replayID: a.span.bytes)
        )
    }

    @Test func noKeyIsTheFreeSlot() {
        #expect(!DedupeKey(high: 0, low: 0).isNone)
        #expect(DedupeKey.none.isNone)
    }
}
