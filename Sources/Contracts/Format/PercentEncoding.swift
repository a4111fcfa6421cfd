/// Text as a part of a URI (RFC 3986 section 2.1): each byte of its UTF-8 that may not stand there becomes `%XX`.
package enum PercentEncoding {
    private static let unreserved = ASCIISet.alphanumerics.union(ASCIISet("-._~"))
    private static let inPath = unreserved.union(ASCIISet("!$&'()*+,;=@/"))
    private static let inFragment = inPath.union(ASCIISet(":?"))

    /// A segment of a path, or a name or value in a query or a form: only letters, digits and `-._~` stay.
    package static func component(_ text: String) -> String { encoded(text, except: unreserved) }

    /// A whole path: its slashes stay. Colons do not, since the first segment of a relative reference may have none.
    package static func path(_ text: String) -> String { encoded(text, except: inPath) }

    /// A fragment, for example a JSON pointer (RFC 6901 section 6).
    package static func fragment(_ text: String) -> String { encoded(text, except: inFragment) }

    private static func encoded(_ text: String, except plain: ASCIISet) -> String {
        guard text.utf8.contains(where: { !plain.contains($0) }) else { return text }
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if plain.contains(byte) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
