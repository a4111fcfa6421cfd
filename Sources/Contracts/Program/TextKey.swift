/// A short text in three words, so that most names and enumerated values are compared without a loop.
///
/// The first and the last eight bytes, which overlap below sixteen; a text of four to seven bytes has its first and last
/// four in `head`, a shorter one its bytes. Up to sixteen bytes equal keys are equal texts.
struct TextKey: Equatable {
    private let head: UInt64
    private let tail: UInt64
    /// Bytes of the text, -1 for the key of none.
    let count: Int32

    /// Equal to no text's key.
    static let none = TextKey(head: 0, tail: 0, count: -1)

    @inline(always) var isNone: Bool { count < 0 }

    private init(head: UInt64, tail: UInt64, count: Int32) {
        self.head = head
        self.tail = tail
        self.count = count
    }

    @inline(always)
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let text = UnsafeRawBufferPointer(bytes)
        let count = text.count
        self.count = Int32(truncatingIfNeeded: count)
        if count >= 8 {
            unsafe head = text.loadUnaligned(as: UInt64.self)
            unsafe tail = text.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
            return
        }
        tail = 0
        if count >= 4 {
            let first = unsafe UInt64(text.loadUnaligned(as: UInt32.self))
            let last = unsafe UInt64(text.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
            head = first | last << 32
        } else if count > 0 {
            unsafe head = UInt64(text[0]) | UInt64(text[count >> 1]) << 8 | UInt64(text[count &- 1]) << 16
        } else {
            head = 0
        }
    }

    /// Whether two texts whose keys are equal may still differ.
    @inline(always) var isPartial: Bool { count > 16 }

    @inline(always)
    static func == (left: TextKey, right: TextKey) -> Bool {
        left.count == right.count && left.head == right.head && left.tail == right.tail
    }

    /// A hash of the text, which of a long one takes in all of its bytes. The texts in the table are the contract's, so an
    /// instance cannot make it collide more than the contract does.
    @inline(always)
    func hash(of bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hash = Self.mixed(0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: count), head)
        if isPartial {
            let text = UnsafeRawBufferPointer(bytes)
            var offset = 8
            while offset + 8 < text.count {
                hash = unsafe Self.mixed(hash, text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += 8
            }
        }
        return UInt32(truncatingIfNeeded: Self.mixed(hash, tail))
    }

    /// One step of multiply and fold: the high half of a product depends on every bit of the word.
    @inline(always)
    private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
        return product ^ product >> 32
    }
}
