/// Turns the bytes that identify an event into a ``DedupeKey``.
///
/// SipHash-2-4-128 under a secret random salt, and not an unkeyed hash such as MurmurHash3 or XXH3, because event ids
/// come from outside: for an unkeyed hash anybody can compute an id that collides with somebody else's, and the
/// victim's event would then be dropped as a duplicate. It costs about 50 ns for a usual id.
///
/// The salt belongs to one journal and is stored in it. Keys therefore never leave a worker; any other worker hashes the
/// topic's records under its own salt.
package struct DedupeHasher: Sendable, Equatable {
    private let salt0: UInt64
    private let salt1: UInt64

    /// A hasher with a fixed salt, as the journal stores it.
    package init(salt: (UInt64, UInt64)) {
        salt0 = salt.0
        salt1 = salt.1
    }

    /// A hasher with a salt from the system's random generator.
    package init() {
        var generator = SystemRandomNumberGenerator()
        self.init(salt: (generator.next(), generator.next()))
    }

    var salt: (UInt64, UInt64) { (salt0, salt1) }

    /// The key of the identity `bytes`.
    package func key(of bytes: RawSpan) -> DedupeKey {
        let words = hash(bytes)
        return DedupeKey(high: words.0, low: words.1)
    }

    /// The key of the UTF-8 bytes of `text`.
    package func key(of text: String) -> DedupeKey {
        let words = hash(text)
        return DedupeKey(high: words.0, low: words.1)
    }

    /// The key of `bytes` in a replayed record: other than the original's, and the same for every record of one replay.
    ///
    /// `replayID` is the value of the header `busbar-replay-id`, `nil` for a record that was not replayed.
    package func key(of bytes: RawSpan, replayID: RawSpan?) -> DedupeKey {
        guard let replayID else { return key(of: bytes) }
        return deriving(from: replayID, domain: 1).key(of: bytes)
    }

    /// The hasher for the next part of an identity of several parts: `hasher.then(source).key(of: id)` differs from every
    /// other way to cut the same bytes into parts.
    package func then(_ part: RawSpan) -> DedupeHasher {
        deriving(from: part, domain: 2)
    }

    func hash(_ bytes: RawSpan) -> (UInt64, UInt64) {
        unsafe bytes.withUnsafeBytes { unsafe SipHash128.hash($0, key: (salt0, salt1)) }
    }

    func hash(_ text: String) -> (UInt64, UInt64) {
        var text = text
        return text.withUTF8 { bytes in
            unsafe SipHash128.hash(UnsafeRawBufferPointer(bytes), key: (salt0, salt1))
        }
    }

    private func deriving(from bytes: RawSpan, domain: UInt64) -> DedupeHasher {
        let words = hash(bytes)
        return DedupeHasher(salt: (salt0 ^ words.0 ^ domain, salt1 &+ words.1))
    }
}
