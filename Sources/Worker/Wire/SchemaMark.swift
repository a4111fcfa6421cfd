internal import ConnectorKit
internal import Log
internal import RegistryClient

/// What says which schema a message was written with, in Confluent's wire format.
///
/// ```
/// before the payload   00 | id, 4 bytes, big endian        or   01 | GUID, 16 bytes
/// in a header          01 | GUID, 16 bytes                 or   00 | id, 4 bytes, big endian
/// ```
///
/// Confluent's `DualSchemaIdDeserializer` reads the header if there is one, else the prefix; so does this.
struct SchemaMark: Hashable {
    /// The header that marks a value.
    static let header = "__value_schema_id"

    let key: ContractKey
    /// Bytes of the value that belong to the mark.
    let prefix: Int

    /// What a message's value is marked with.
    /// - Precondition: the value is not null.
    static func read(_ message: MessageView) -> Result<SchemaMark, Unreadable> {
        if let marked = message.withLastHeader(named: header, { $0.map { read($0) } }), let marked {
            return marked.map { SchemaMark(key: $0.key, prefix: 0) }.mapError { $0.inHeader() }
        }
        guard let value = message.value else { return .failure(.truncated(bytes: 0, isHeader: false)) }
        return read(value)
    }

    /// Reads a mark at the begin of `bytes`.
    static func read(_ bytes: UnsafeRawBufferPointer) -> Result<SchemaMark, Unreadable> {
        switch bytes.first {
        case nil:
            return .failure(.truncated(bytes: 0, isHeader: false))
        case 0:
            guard bytes.count >= 5 else { return .failure(.truncated(bytes: bytes.count, isHeader: false)) }
            let id = bytes[1..<5].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return .success(SchemaMark(key: .id(Int32(bitPattern: id)), prefix: 5))
        case 1:
            guard bytes.count >= 17 else { return .failure(.truncated(bytes: bytes.count, isHeader: false)) }
            return .success(SchemaMark(key: .guid(uuid(bytes[1..<17])), prefix: 17))
        case .some(let magic):
            return .failure(.unknownMagic(magic, isHeader: false))
        }
    }

    private static func uuid(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }

    /// Why a mark cannot be read.
    enum Unreadable: Error, Hashable, CustomStringConvertible {
        case truncated(bytes: Int, isHeader: Bool)
        case unknownMagic(UInt8, isHeader: Bool)

        func inHeader() -> Unreadable {
            switch self {
            case .truncated(let bytes, _): .truncated(bytes: bytes, isHeader: true)
            case .unknownMagic(let magic, _): .unknownMagic(magic, isHeader: true)
            }
        }

        var description: String {
            switch self {
            case .truncated(let bytes, let isHeader):
                "\(Self.place(isHeader)) ends after \(bytes) bytes, inside the id of its schema"
            case .unknownMagic(let magic, let isHeader):
                "\(Self.place(isHeader)) begins with byte \(magic), and ids of schemas begin with 0 or 1: it was not "
                    + "written by a serializer of a schema registry"
            }
        }

        private static func place(_ isHeader: Bool) -> String { isHeader ? "the header \(header)" : "the value" }
    }
}
