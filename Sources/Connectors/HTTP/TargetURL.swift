/// The address of an HTTP target: absolute, `http` or `https`, with a host and without credentials or fragment.
package struct TargetURL: Sendable, Hashable, CustomStringConvertible {
    private let text: String

    /// - Throws: a ``ConnectorError`` about `url`; it does not repeat text that may hold a password.
    package init(_ text: String) throws(ConnectorError) {
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            throw .invalid("url", "the address does not begin with http:// or https://.")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else {
            throw .invalid(
                "url",
                "the address holds a user name or password; put them into headers: { Authorization: \"…${secret:NAME}\" }."
            )
        }
        guard Self.isAuthority(authority) else {
            throw .invalid(
                "url",
                "the address has no valid host and port after \(scheme); write \(scheme)host[:port]/path."
            )
        }
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !rest.contains("#") else {
            throw .invalid(
                "url",
                "\(scheme)\(authority): percent-encode spaces and non-ASCII characters, and drop any #fragment."
            )
        }
        self.text = text
    }

    /// Safe to show: there are no credentials in it. The query is left out, where some put keys.
    package var description: String { String(text.prefix { $0 != "?" }) }

    var requestText: String { text }

    private static func isAuthority(_ text: Substring) -> Bool {
        let host: Substring
        let port: Substring
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return false }
            host = text[text.index(after: text.startIndex)..<end]
            port = text[text.index(after: end)...]
            guard host.utf8.allSatisfy({ $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || isHexDigit($0) }) else {
                return false
            }
        } else {
            host = text.prefix { $0 != ":" }
            port = text.dropFirst(host.count)
            guard host.utf8.allSatisfy(isHostByte) else { return false }
        }
        return !host.isEmpty && isPort(port)
    }

    /// Empty, or a colon and 1 to 65535.
    private static func isPort(_ text: Substring) -> Bool {
        guard let colon = text.first else { return true }
        let digits = text.dropFirst()
        guard colon == ":", digits.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
            return false
        }
        return Int(digits).map { (1...65535).contains($0) } ?? false
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        Character(UnicodeScalar(byte)).isHexDigit
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}
