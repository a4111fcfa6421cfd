/// The tape while it is written, and the innermost open container.
@safe
struct OpenTape {
    private let words: UnsafeMutablePointer<UInt64>
    /// The next word.
    private var next: UnsafeMutablePointer<UInt64>
    /// Index of the first word of the innermost open container, and that word as it is so far.
    private var container = 0
    private var head: UInt64 = 0
    /// Containers that are open.
    private(set) var depth = 0

    @inline(always)
    init(_ words: UnsafeMutablePointer<UInt64>) {
        unsafe self.words = words
        unsafe next = words
    }

    /// Whether the innermost open container is an object.
    @inline(always) var isObject: Bool { head & 7 == UInt64(JSONValue.Tag.object.rawValue) }

    /// The byte that closes it.
    @inline(always) var closer: UInt8 { isObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }

    /// Counts one more member or element of it.
    @inline(always)
    mutating func count() { head &+= 1 << 34 }

    @inline(always)
    mutating func append(_ tag: JSONValue.Tag, from start: Int, to end: ScanEnd) {
        append(Tape.head(tag, distance: 1, count: 0) | end.flag, Tape.span(start, end.position))
    }

    /// Appends what ends before a position and has no flag.
    @inline(always)
    mutating func append(_ tag: JSONValue.Tag, from start: Int, to end: Int) {
        append(Tape.head(tag, distance: 1, count: 0), Tape.span(start, end))
    }

    @inline(always)
    private mutating func append(_ head: UInt64, _ span: UInt64) {
        unsafe next[0] = head
        unsafe next[1] = span
        unsafe next += Tape.wordsPerEntry
    }

    @inline(always)
    mutating func open(_ isObject: Bool, at position: Int) {
        unsafe words[container] = head
        head = Tape.head(isObject ? .object : .array, distance: container / Tape.wordsPerEntry, count: 0)
        container = unsafe next - words
        unsafe next[1] = Tape.span(position, 0)
        unsafe next += Tape.wordsPerEntry
        depth &+= 1
    }

    /// Closes the innermost container, which ends before a position.
    @inline(always)
    mutating func close(at position: Int) {
        let distance = unsafe UInt64(truncatingIfNeeded: (next - words &- container) / Tape.wordsPerEntry)
        unsafe words[container] = head & ~(Tape.fieldMask << 4) | distance << 4
        unsafe words[container &+ 1] |= UInt64(truncatingIfNeeded: position) << 32
        container = Int(truncatingIfNeeded: head >> 4 & Tape.fieldMask) &* Tape.wordsPerEntry
        head = unsafe words[container]
        depth &-= 1
    }
}
