/// Refuses text that the YAML library could only read at an unreasonable price.
///
/// The library composes the whole document before anything can be counted, and hashes the keys of each mapping: a key
/// that is an alias to aliases costs exponential time. Aliases together with compound keys are therefore looked for in
/// the text itself, on the safe side. (Depth is bounded by libyaml, at 1000 levels.)
struct YAMLGuard {
    let file: String
    let limits: ConfigDocument.Limits

    func check(_ text: String) throws(Diagnostic) {
        let start = ConfigLocation(file: file, line: 1, column: 1)
        guard text.utf8.count <= limits.bytes else {
            throw Diagnostic(
                .tooLarge,
                at: start,
                "the file has \(text.utf8.count) bytes, the limit is \(limits.bytes)",
                fix: "Move data out of the configuration, for example into a file that a test reads."
            )
        }
        var hasAlias = false
        var compoundKey: Int?
        for (index, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            if !hasAlias { hasAlias = Self.mayHoldAlias(line) }
            if compoundKey == nil, Self.mayHoldCompoundKey(line) { compoundKey = index + 1 }
        }
        if hasAlias, let compoundKey {
            throw Diagnostic(
                .unsupportedYAML,
                at: ConfigLocation(file: file, line: compoundKey, column: 1),
                "a key that is a sequence, a mapping or an alias, in a file with aliases",
                fix: "Write keys as plain text; put texts that hold `]:`, `}:` or start with `?` into another file."
            )
        }
    }

    static func tooDeep(at location: ConfigLocation, limit: Int) -> Diagnostic {
        Diagnostic(
            .tooLarge,
            at: location,
            "values are nested deeper than \(limit) levels",
            fix: "Flatten the file; no key of busbar is that deep."
        )
    }

    private static func mayHoldAlias(_ line: Substring.UTF8View) -> Bool {
        var previous = UInt8(ascii: " ")
        var wasStar = false
        for byte in line {
            if wasStar, isNameByte(byte) { return true }
            wasStar = byte == UInt8(ascii: "*") && !isNameByte(previous)
            previous = byte
        }
        return false
    }

    /// Whether the line holds `? `, `]:`, `}:` or `*alias:`, with or without spaces before the colon.
    private static func mayHoldCompoundKey(_ line: Substring.UTF8View) -> Bool {
        var lastVisible = UInt8(ascii: " ")
        var inAlias = false
        var isIndicatorPlace = true
        for byte in line {
            switch byte {
            case UInt8(ascii: ":"):
                if inAlias || lastVisible == UInt8(ascii: "]") || lastVisible == UInt8(ascii: "}") { return true }
            case UInt8(ascii: "?"):
                if isIndicatorPlace { return true }
            case UInt8(ascii: "*"):
                inAlias = true
            default:
                if !isBlank(byte), !isNameByte(byte) { inAlias = false }
            }
            // Bytes beyond ASCII may be line breaks of YAML (U+0085, U+2028, U+2029).
            isIndicatorPlace = isBlank(byte) || "[{,-".utf8.contains(byte) || byte >= 0x80
            if !isBlank(byte) { lastVisible = byte }
        }
        return false
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
