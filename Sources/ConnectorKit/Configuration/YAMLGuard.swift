/// Refuses text that the YAML library could only read at an unreasonable price.
///
/// The library composes the whole document before anything can be counted, and hashes the keys of each mapping as it
/// goes: a key that is an alias to aliases costs as much as its expansion. So what aliases can expand to is bounded
/// from the text itself. Anchors that are used u₁, u₂, … times expand a text to at most (1 + u₁)(1 + u₂)… times its
/// length, however they contain each other. Whatever looks like an anchor or alias counts, in quotes and comments too:
/// that makes the bound larger, never smaller. (Depth is bounded by libyaml, at 1000 levels.)
struct YAMLGuard {
    let file: String
    let limits: ConfigDocument.Limits

    func check(_ text: String) throws(Diagnostic) {
        guard text.utf8.count <= limits.bytes else {
            throw refusal(
                "the file has \(text.utf8.count) bytes, the limit is \(limits.bytes)",
                fix: "Move data out of the configuration, for example into a file that a test reads."
            )
        }
        let anchors = Self.names(after: UInt8(ascii: "&"), in: text)
        guard !anchors.isEmpty else { return }
        let aliases = Self.names(after: UInt8(ascii: "*"), in: text)
        var size = text.utf8.count
        for (name, uses) in aliases {
            guard let definitions = anchors[name] else { continue }
            guard definitions == 1 else {
                throw refusal(
                    "the anchor `&\(name)` is defined \(definitions) times",
                    fix: "Give each anchor its own name."
                )
            }
            let (product, overflow) = size.multipliedReportingOverflow(by: 1 + uses)
            size = overflow ? Int.max : product
        }
        guard size <= limits.expansion else {
            throw refusal(
                "aliases may expand the file to \(size == Int.max ? "any number of" : "\(size)") bytes, the limit is \(limits.expansion)",
                fix: "Use fewer anchors and aliases, or split the file."
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

    private func refusal(_ message: String, fix: String) -> Diagnostic {
        Diagnostic(.tooLarge, at: ConfigLocation(file: file, line: 1, column: 1), message, fix: fix)
    }

    /// How often each name stands after `indicator`, where the indicator does not itself end a word.
    ///
    /// libyaml takes letters, digits, `_` and `-` for names (`yaml_parser_scan_anchor`).
    private static func names(after indicator: UInt8, in text: String) -> [String: Int] {
        var counts: [String: Int] = [:]
        var name: [UInt8]?
        var previous = UInt8(ascii: " ")
        for byte in text.utf8 {
            if isNameByte(byte) {
                name?.append(byte)
            } else {
                if let name, !name.isEmpty { counts[String(decoding: name, as: UTF8.self), default: 0] += 1 }
                name = byte == indicator && !isNameByte(previous) ? [] : nil
            }
            previous = byte
        }
        if let name, !name.isEmpty { counts[String(decoding: name, as: UTF8.self), default: 0] += 1 }
        return counts
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
