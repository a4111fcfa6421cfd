import KafkaProtocol
import NIOCore

/// Messages as another implementation writes them, and what they say.
///
/// A fixture is lines: `path=value @versions`, and `bytes @versions` followed by hexadecimal digits.
enum Golden {
    struct Message: Sendable {
        var api: APIKey
        var version: Int16
        var bytes: ByteBuffer
        /// What the message must say in this version, by path (`topics.0.name`).
        var values: [String: String]
    }

    static let requests: [Message] = [
        requestsCluster, requestsConfiguration, requestsData, requestsGroups, requestsSecurity, requestsTopics,
        requestsTransactions,
    ]
    .flatMap { $0.sorted { $0.key.rawValue < $1.key.rawValue } }
    .flatMap { messages(of: $0.key, in: $0.value) }

    /// Decodes a body and says how many bytes it left.
    static func decode(
        _ api: APIKey,
        _ version: Int16,
        _ bytes: ByteBuffer
    ) throws -> (body: any RequestBody, left: Int) {
        guard let type = api.requestType else { throw Missing(api: api) }
        var reader = WireReader(bytes, flexible: api.isFlexible(version))
        return (try type.init(from: &reader, version: version), reader.remaining)
    }

    struct Response: Sendable {
        let body: any ResponseBody
        let fixture: String

        init(_ body: any ResponseBody, _ fixture: String) {
            self.body = body
            self.fixture = fixture
        }

        var messages: [Message] { Golden.messages(of: type(of: body).apiKey, in: fixture) }
    }

    static let responses: [Response] =
        responsesCluster + responsesConfiguration + responsesData + responsesGroups + responsesSecurity
        + responsesTopics + responsesTransactions

    struct Missing: Error { var api: APIKey }

    static func messages(of api: APIKey, in fixture: String) -> [Message] {
        var values: [(path: String, value: String, versions: ClosedRange<Int16>)] = []
        var bodies: [(hex: String, versions: ClosedRange<Int16>)] = []
        for line in fixture.split(separator: "\n") {
            if let at = line.lastIndex(of: "@") {
                let limits = line[line.index(after: at)...].split(separator: "-").compactMap { Int16($0) }
                let versions = limits[0]...limits[limits.count - 1]
                if line.hasPrefix("bytes ") {
                    bodies.append(("", versions))
                } else {
                    let parts = line[..<at].dropLast().split(separator: "=", maxSplits: 1)
                    values.append((String(parts[0]), String(parts[1]), versions))
                }
            } else {
                bodies[bodies.count - 1].hex += line
            }
        }
        return bodies.flatMap { body in
            body.versions.map { version in
                let present = values.filter { $0.versions.contains(version) }.map { ($0.path, $0.value) }
                return Message(
                    api: api,
                    version: version,
                    bytes: ByteBuffer(hex: body.hex),
                    values: Dictionary(uniqueKeysWithValues: present)
                )
            }
        }
    }
}

extension ByteBuffer {
    /// Skips white space; a digit that is none counts as 0.
    init(hex: String) {
        let digits = hex.compactMap(\.hexDigitValue)
        self.init(
            bytes: stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
        )
    }

    var hex: String {
        readableBytesView.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        .joined()
    }
}

/// The leaves of a message by path, as fixtures write them.
func leaves(of value: Any, at path: String = "") -> [String: String] {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional {
        return mirror.children.first.map { leaves(of: $0.value, at: path) } ?? [:]
    }
    if let bytes = value as? ByteBuffer { return [path: bytes.hex] }
    if value is KafkaUUID || mirror.children.isEmpty && mirror.displayStyle != .collection {
        return [path: "\(value)"]
    }
    var result: [String: String] = [:]
    for (index, child) in mirror.children.enumerated() {
        let name = child.label ?? String(index)
        result.merge(leaves(of: child.value, at: path.isEmpty ? name : "\(path).\(name)")) { first, _ in first }
    }
    return result
}
