internal import NIOSSL

/// Names a certificate's subject as Java's `X500Principal.getName()` does (RFC 2253), which is what Kafka's default
/// principal builder puts behind `User:`; so that rules written for Kafka hold here unchanged.
///
///     subject  C=CH, O=busbar, CN=alice      (the order of the certificate)
///     name     CN=alice,O=busbar,C=CH
///
/// The attributes of RFC 2253's table have their keyword; any other, and any that is no text, is its object identifier
/// with its DER in hex.
enum DistinguishedName {
    /// Keywords of RFC 2253 section 2.3 by object identifier.
    private static let keywords = [
        "2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "STREET", "2.5.4.10": "O",
        "2.5.4.11": "OU", "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
    ]

    /// The subject's name; `nil` when the certificate is not what RFC 5280 says. An empty subject is an empty name.
    static func subject(of certificate: NIOSSLCertificate) -> String? {
        do {
            return subject(ofDER: try certificate.toDERBytes())
        } catch {
            return nil  // A certificate that cannot be written down names nobody.
        }
    }

    /// The same of a certificate's DER.
    static func subject(ofDER bytes: [UInt8]) -> String? {
        var outer = DERReader(bytes[...])
        guard let certificate = outer.next(.sequence) else { return nil }
        var inner = DERReader(certificate)
        guard let content = inner.next(.sequence) else { return nil }
        var fields = DERReader(content)
        // TBSCertificate (RFC 5280 section 4.1): [version], serialNumber, signature, issuer, validity, subject, …
        if fields.nextTag == .version { _ = fields.next(.version) }
        guard fields.next(.integer) != nil, fields.next(.sequence) != nil, fields.next(.sequence) != nil,
            fields.next(.sequence) != nil, let subject = fields.next(.sequence)
        else { return nil }
        return name(DERReader(subject))
    }

    private static func name(_ reader: DERReader) -> String? {
        var reader = reader
        var parts: [String] = []
        while !reader.isAtEnd {
            guard let set = reader.next(.set), let part = relativeName(DERReader(set)) else { return nil }
            parts.append(part)
        }
        return parts.reversed().joined(separator: ",")
    }

    private static func relativeName(_ reader: DERReader) -> String? {
        var reader = reader
        var attributes: [String] = []
        while !reader.isAtEnd {
            guard let sequence = reader.next(.sequence), let attribute = attribute(DERReader(sequence)) else {
                return nil
            }
            attributes.append(attribute)
        }
        return attributes.isEmpty ? nil : attributes.joined(separator: "+")
    }

    private static func attribute(_ reader: DERReader) -> String? {
        var reader = reader
        guard let type = reader.next(.objectIdentifier), let identifier = objectIdentifier(type),
            let tag = reader.nextTag, let encoded = reader.nextEncoded(), let value = DERReader(encoded).content
        else { return nil }
        guard let keyword = keywords[identifier], let text = text(value, tag) else {
            return "\(identifier)=#" + encoded.map { $0.hexadecimal }.joined()
        }
        return "\(keyword)=\(escaped(text))"
    }

    private static func objectIdentifier(_ bytes: ArraySlice<UInt8>) -> String? {
        var arcs: [UInt64] = []
        var arc: UInt64 = 0
        for byte in bytes {
            guard arc < 1 << 56 else { return nil }
            arc = arc << 7 | UInt64(byte & 0x7F)
            guard byte & 0x80 == 0 else { continue }
            if arcs.isEmpty {
                let first = min(arc / 40, 2)
                arcs = [first, arc - first * 40]
            } else {
                arcs.append(arc)
            }
            arc = 0
        }
        guard bytes.last.map({ $0 & 0x80 == 0 }) == true else { return nil }
        return arcs.map(String.init).joined(separator: ".")
    }

    private static func text(_ bytes: ArraySlice<UInt8>, _ tag: DERReader.Tag) -> String? {
        switch tag {
        case .utf8String, .printableString, .ia5String: String(validating: bytes, as: UTF8.self)
        case .teletexString: String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))  // Latin 1, as Java's.
        default: nil
        }
    }

    /// RFC 2253 section 2.4, with the escapes that Java's `AVA.toRFC2253String` writes.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if ",+=#\"\\<>;".unicodeScalars.contains(scalar) { escaped += "\\" }
            if scalar == "\0" { escaped += "\\00" } else { escaped.unicodeScalars.append(scalar) }
        }
        let leading = escaped.prefix { $0 == " " }
        let trailing = leading.count == escaped.count ? "" : String(escaped.reversed().prefix { $0 == " " })
        let middle = escaped.dropFirst(leading.count).dropLast(trailing.count)
        return String(repeating: "\\ ", count: leading.count) + middle + String(repeating: "\\ ", count: trailing.count)
    }
}

extension UInt8 {
    /// Two digits.
    fileprivate var hexadecimal: String { (self < 16 ? "0" : "") + String(self, radix: 16) }
}
