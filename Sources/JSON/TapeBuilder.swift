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
            if tape.isObject, let fault = name(at: &position, &tape) { return fault }
            guard position < scanner.count else { return scanner.endOfDocument }
            let first = scanner.byte(position)
            if first == UInt8(ascii: "\"") {
                if let fault = string(at: &position, &tape) { return fault }
            } else if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
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
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): (scanner.number(at: position), .number)
        case UInt8(ascii: "t"): (scanner.literal(at: position), .true)
        case UInt8(ascii: "f"): (scanner.literal(at: position), .false)
        default: (scanner.literal(at: position), .null)
        }
    }

    /// Reads a member name and its colon, up to the value.
    /// - Returns: What is wrong, nil when nothing is.
    @inline(always)
    private func name(at position: inout Int, _ tape: inout OpenTape) -> ScanEnd? {
        guard position < scanner.count else { return scanner.endOfDocument }
        guard scanner.byte(position) == UInt8(ascii: "\"") else { return ScanEnd(.noName, at: position) }
        if let fault = string(at: &position, &tape) { return fault }
        if scanner.has(UInt8(ascii: ":"), beforeMoreAt: position) {
            position &+= 1
            return nil
        }
        let end = colon(from: position)
        position = end.position
        return end.isFault ? end : nil
    }

    /// Reads a string, most of which are plain text.
    /// - Returns: What is wrong, nil when nothing is.
    @inline(always)
    private func string(at position: inout Int, _ tape: inout OpenTape) -> ScanEnd? {
        let start = position
        position = scanner.plainText(from: start &+ 1)
        if position < scanner.count, scanner.byte(position) == UInt8(ascii: "\"") {
            position &+= 1
            tape.append(.string, from: start, to: position)
            return nil
        }
        let end = scanner.stringRest(from: position)
        if end.isFault { return end }
        position = end.position
        tape.append(.string, from: start, to: end)
        return nil
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
