internal import NIOSSL
internal import SwiftASN1

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
        do {
            return subject(try DER.parse(bytes))
        } catch {
            return nil
        }
    }

    /// Of a Certificate, which begins with its TBSCertificate (RFC 5280 section 4.1): [version], serialNumber, signature,
    /// issuer, validity, subject, …
    private static func subject(_ certificate: ASN1Node) -> String? {
        guard var fields = certificate.children?.first?.children?[...] else { return nil }
        if fields.first?.identifier == .version { fields = fields.dropFirst() }
        guard fields.first?.identifier == .integer, let subject = fields.dropFirst(4).first?.children else {
            return nil
        }
        let names = subject.map(relativeName)
        return names.contains(nil) ? nil : names.reversed().compactMap(\.self).joined(separator: ",")
    }

    private static func relativeName(_ set: ASN1Node) -> String? {
        guard let attributes = set.children?.map(attribute), !attributes.isEmpty else { return nil }
        return attributes.contains(nil) ? nil : attributes.compactMap(\.self).joined(separator: "+")
    }

    private static func attribute(_ sequence: ASN1Node) -> String? {
        guard let parts = sequence.children, parts.count == 2 else { return nil }
        do {
            let type = "\(try ASN1ObjectIdentifier(derEncoded: parts[0]))"
            guard let keyword = keywords[type], let text = parts[1].text else {
                return "\(type)=#" + parts[1].encodedBytes.map { $0.hexadecimal }.joined()
            }
            return "\(keyword)=\(escaped(text))"
        } catch {
            return nil
        }
    }

    /// RFC 2253 section 2.4, with the escapes that Java's `AVA.toRFC2253String` writes.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if ",+=\"\\<>;#".unicodeScalars.contains(scalar) { escaped += "\\" }
            if scalar == "\0" { escaped += "\\00" } else { escaped.unicodeScalars.append(scalar) }
        }
        let leading = escaped.prefix { $0 == " " }
        let trailing = leading.count == escaped.count ? "" : String(escaped.reversed().prefix { $0 == " " })
        let middle = escaped.dropFirst(leading.count).dropLast(trailing.count)
        return String(repeating: "\\ ", count: leading.count) + middle
            + String(repeating: "\\ ", count: trailing.count)
    }
}

extension ASN1Identifier {
    /// `[0] EXPLICIT Version` of a certificate.
    fileprivate static let version = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
}

extension ASN1Node {
    /// Of a constructed element.
    fileprivate var children: [ASN1Node]? {
        if case .constructed(let children) = content { Array(children) } else { nil }
    }

    /// Of an element that is a string.
    fileprivate var text: String? {
        guard case .primitive(let bytes) = content else { return nil }
        return switch identifier {
        case .utf8String, .printableString, .ia5String: String(validating: bytes, as: UTF8.self)
        case .teletexString: String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))  // Latin 1, as Java's.
        default: nil
        }
    }
}

extension UInt8 {
    /// Two digits.
    fileprivate var hexadecimal: String { (self < 16 ? "0" : "") + String(self, radix: 16) }
}
