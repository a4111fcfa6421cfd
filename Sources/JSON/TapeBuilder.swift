/// One pass over the bytes of one document that fills the tape.
///
/// Nothing is allocated and nothing recurses: the tape itself is the stack of open containers. The loop is one function
/// over local variables into which the pieces of the grammar are inlined, because that keeps them in registers; as
/// fields of a mutating value they went through memory with every byte (measured: twice the instructions).
/// The tape behind `words` must have room for `Tape.entries(forBytes: count, depth: maxDepth)` entries.
@safe
struct TapeBuilder {
    private let scanner: Scanner
    private let words: UnsafeMutablePointer<UInt64>
    private let maxDepth: Int

    init(source: UnsafePointer<UInt8>, count: Int, words: UnsafeMutablePointer<UInt64>, maxDepth: Int) {
        unsafe scanner = Scanner(source: source, count: count)
        unsafe self.words = words
        self.maxDepth = maxDepth
    }

    func build() throws(ScanFailure) {
        let end = fill()
        if end.isFault { throw end.failure }
    }

    /// - Returns: The end of the document, or what is wrong with it.
    private func fill() -> ScanEnd {
        var position = scanner.whitespace(from: 0)
        if position == scanner.count { return ScanEnd(.empty, at: position) }
        var tape = unsafe OpenTape(words)
        value: while true {
            if tape.isObject {
                let end = name(at: position, &tape)
                if end.isFault { return end }
                position = end.position
            }
            guard position < scanner.count else { return scanner.endOfDocument }
            let first = scanner.byte(position)
            if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
                if tape.depth == maxDepth { return ScanEnd(.tooDeep, at: position) }
                tape.open(first == UInt8(ascii: "{"), at: position)
                position = scanner.whitespace(from: position + 1)
                if position < scanner.count, scanner.byte(position) == first + 2 {
                    position += 1
                    tape.close(at: position)
                } else {
                    continue value
                }
            } else {
                let (end, tag) = scalar(first, at: position)
                if end.isFault { return end }
                tape.append(tag, from: position, to: end)
                position = end.position
            }
            while tape.depth > 0 {
                if scanner.has(UInt8(ascii: ","), beforeMoreAt: position) {
                    tape.count()
                    position &+= 1
                    continue value
                }
                position = scanner.whitespace(from: position)
                guard position < scanner.count else { return scanner.endOfDocument }
                let next = scanner.byte(position)
                tape.count()
                if next == UInt8(ascii: ",") {
                    position = scanner.whitespace(from: position + 1)
                    continue value
                }
                guard next == tape.closer else {
                    return ScanEnd(tape.isObject ? .afterMember : .afterElement, at: position)
                }
                position += 1
                tape.close(at: position)
            }
            position = scanner.whitespace(from: position)
            return position == scanner.count ? ScanEnd(position) : ScanEnd(.trailingBytes, at: position)
        }
    }

    @inline(always)
    private func scalar(_ first: UInt8, at position: Int) -> (ScanEnd, JSONValue.Tag) {
        switch first {
        case UInt8(ascii: "\""): (scanner.string(at: position), .string)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): (scanner.number(at: position), .number)
        case UInt8(ascii: "t"): (scanner.literal(at: position), .true)
        case UInt8(ascii: "f"): (scanner.literal(at: position), .false)
        default: (scanner.literal(at: position), .null)
        }
    }

    /// Reads a member name and its colon, up to the value.
    @inline(always)
    private func name(at position: Int, _ tape: inout OpenTape) -> ScanEnd {
        guard position < scanner.count else { return scanner.endOfDocument }
        guard scanner.byte(position) == UInt8(ascii: "\"") else { return ScanEnd(.noName, at: position) }
        let end = scanner.string(at: position)
        if end.isFault { return end }
        tape.append(.string, from: position, to: end)
        if scanner.has(UInt8(ascii: ":"), beforeMoreAt: end.position) { return ScanEnd(end.position &+ 1) }
        return colon(from: end.position)
    }

    /// Reads white space, a colon, and the white space behind it.
    @inline(never)
    private func colon(from position: Int) -> ScanEnd {
        let colon = scanner.whitespace(from: position)
        guard colon < scanner.count else { return scanner.endOfDocument }
        guard scanner.byte(colon) == UInt8(ascii: ":") else { return ScanEnd(.noColon, at: colon) }
        return ScanEnd(scanner.whitespace(from: colon + 1))
    }
}
