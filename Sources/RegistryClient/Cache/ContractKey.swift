internal import Crypto
internal import JSON

/// What a schema of the registry is asked for by.
package enum ContractKey: Hashable, Sendable, CustomStringConvertible {
    /// In the default context, from 1.
    case id(Int32)
    /// In the form of a UUID, lower case.
    case guid(String)
    /// A version, from 1, of a subject.
    case version(subject: String, Int)
    /// What is the latest version of a subject at the time.
    case latest(subject: String)
    /// The version of a subject that has this very text, given by its digest.
    case text(subject: String, digest: String)

    /// For messages.
    package var description: String {
        switch self {
        case .id(let id): "schema id \(id)"
        case .guid(let guid): "schema GUID \(guid)"
        case .version(let subject, let version): "\(subject)@v\(version)"
        case .latest(let subject): "\(subject)@latest"
        case .text(let subject, _): "the schema registered under \(subject)"
        }
    }

    /// Whether what it names never changes.
    var isImmutable: Bool {
        if case .latest = self { false } else { true }
    }

    /// The key of the version of `subject` that has the schema.
    static func text(of schema: SchemaSubmission, under subject: String) -> ContractKey {
        let digest = SHA256.hash(data: schema.json.bytes)
        return .text(subject: subject, digest: digest.hexadecimal)
    }

    /// As it is kept on disk.
    var json: JSON {
        switch self {
        case .id(let id): ["id": .number(JSONLiteral(Int(id)))]
        case .guid(let guid): ["guid": .string(guid)]
        case .version(let subject, let version):
            ["subject": .string(subject), "version": .number(JSONLiteral(version))]
        case .latest(let subject): ["subject": .string(subject), "version": "latest"]
        case .text(let subject, let digest): ["subject": .string(subject), "digest": .string(digest)]
        }
    }

    /// Nil when `json` is no key.
    init?(_ json: JSON) {
        if let id = json["id"]?.int32 {
            self = .id(id)
        } else if let guid = json["guid"]?.string {
            self = .guid(guid)
        } else if let subject = json["subject"]?.string {
            if let version = json["version"]?.int32 {
                self = .version(subject: subject, Int(version))
            } else if let digest = json["digest"]?.string {
                self = .text(subject: subject, digest: digest)
            } else if json["version"]?.string == "latest" {
                self = .latest(subject: subject)
            } else {
                return nil
            }
        } else {
            return nil
        }
    }
}

extension Digest {
    /// Two digits a byte, lower case.
    var hexadecimal: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
