internal import JSON

/// One record of Confluent's `_schemas` topic: what every storage keeps, and all that changes a catalogue.
package struct RegistryRecord: Sendable, Hashable {
    /// JSON without white space. The topic is compacted by these very bytes, so their form must never change.
    package let key: [UInt8]
    /// JSON without white space; nil deletes what was stored under the key.
    package let value: [UInt8]?

    package init(key: [UInt8], value: [UInt8]?) {
        self.key = key
        self.value = value
    }

    init(_ key: RegistryKey, _ value: [UInt8]?) {
        self.init(key: key.bytes, value: value)
    }
}

/// What a record is about.
enum RegistryKey: Hashable, Sendable {
    case schema(QualifiedSubject, version: Int)
    /// Nil is the global one.
    case config(QualifiedSubject?)
    /// Nil is the global one.
    case mode(QualifiedSubject?)
    /// Deletes all versions up to a number, softly.
    case deleteSubject(QualifiedSubject)
    /// Deletes all versions up to a number for good.
    case clearSubject(QualifiedSubject)
    /// The highest id a context has ever given out. Ours: Confluent's registry skips key types that it does not know.
    case highestID(context: String)

    /// Reads a key in any order of its members and of any `magic`; nil for what is not known here (`NOOP`, `ASSOC`, …).
    init?(_ bytes: [UInt8]) {
        let json: JSON
        do { json = try JSON(parsing: bytes) } catch { return nil }
        let subject = json["subject"]?.string.map { QualifiedSubject($0) }
        switch (json["keytype"]?.string, subject) {
        case ("SCHEMA", let subject?):
            guard let version = json["version"]?.integer, version >= 1 else { return nil }
            self = .schema(subject, version: version)
        case ("CONFIG", _): self = .config(subject)
        case ("MODE", _): self = .mode(subject)
        case ("DELETE_SUBJECT", let subject?): self = .deleteSubject(subject)
        case ("CLEAR_SUBJECT", let subject?): self = .clearSubject(subject)
        case (Self.highestIDType, _):
            guard let context = json["context"]?.string else { return nil }
            self = .highestID(context: context)
        default: return nil
        }
    }

    private static let highestIDType = "BUSBAR_HIGHEST_ID"

    /// Confluent's form, byte for byte.
    var bytes: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 96)
        writer.object { writer in
            switch self {
            case .schema(let subject, let version):
                writer.begin("SCHEMA", subject)
                writer.member("version", version)
                writer.member("magic", 1)
            case .config(let subject): writer.begin("CONFIG", subject, magic: 0)
            case .mode(let subject): writer.begin("MODE", subject, magic: 0)
            case .deleteSubject(let subject): writer.begin("DELETE_SUBJECT", subject, magic: 0)
            case .clearSubject(let subject): writer.begin("CLEAR_SUBJECT", subject, magic: 0)
            case .highestID(let context):
                writer.member("keytype", Self.highestIDType)
                writer.member("context", context)
                writer.member("magic", 0)
            }
        }
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func begin(_ type: String, _ subject: QualifiedSubject?, magic: Int? = nil) {
        member("keytype", type)
        member("subject", subject.map { .string("\($0)") } ?? JSON.null)
        if let magic { member("magic", magic) }
    }
}

extension JSON {
    /// The number if it is an integer that fits.
    var integer: Int? { number?.int64.map { Int($0) } }
}
