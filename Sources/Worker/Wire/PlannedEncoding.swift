package import ConnectorKit
package import Contracts
internal import Log
package import RegistryClient

/// With which schema a route's records are written: its id in the registry, and what they have to obey.
package struct PlannedEncoding: Sendable {
    /// What the payloads obey.
    package let contract: Contract
    /// `subject@vN`, or the id of the schema.
    package let label: String
    private let mark: [UInt8]
    private let place: PayloadEncoding.Place

    /// - Throws: when the registry does not say what the mark is made of.
    package init(_ known: KnownContract, _ place: PayloadEncoding.Place) throws(DriverError) {
        contract = known.contract
        label = known.label
        self.place = place
        switch place {
        case .prefix:
            guard let id = known.schema.id else {
                throw .plan("the registry does not say which id \(known.label) has")
            }
            mark = [0] + (0..<4).map { UInt8(truncatingIfNeeded: UInt32(bitPattern: id) >> (24 - 8 * $0)) }
        case .header:
            guard let guid = known.schema.guid, let bytes = Self.bytes(ofUUID: guid) else {
                throw .plan(
                    "the registry does not say which GUID \(known.label) has, which `schema_id: header` needs; registries "
                        + "before Confluent's 8 have none: write `schema_id: prefix`"
                )
            }
            mark = [1] + bytes
        }
    }

    /// `record` as it is written; a tombstone stays one.
    func encoded(_ record: Record) -> Record {
        var record = record
        // A mark of the input's would be believed before ours.
        if record.header(SchemaMark.header) != nil {
            record.headers = record.headers.filter { $0.name != SchemaMark.header }
        }
        switch place {
        case .prefix:
            let marked = record.value.withBytes { payload in payload.map { mark + $0 } }
            if let marked { record.value = .owned(marked) }
        case .header:
            if record.value.withBytes({ $0 != nil }) { record.headers.append(Header(SchemaMark.header, mark)) }
        }
        return record
    }

    private static func bytes(ofUUID text: String) -> [UInt8]? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
        guard digits.count == 32 else { return nil }
        let bytes = stride(from: 0, to: 32, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index..<(index + 2)], as: UTF8.self), radix: 16)
        }
        return bytes.count == 16 ? bytes : nil
    }
}
