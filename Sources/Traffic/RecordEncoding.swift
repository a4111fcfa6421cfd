package import Log

/// How the values of a topic's records carry their JSON.
package enum RecordEncoding: String, Sendable, CaseIterable {
    /// The value is the text.
    case json
    /// As Confluent's serializers write it: byte 0, the schema's id in four bytes, big-endian, then the text. A record whose
    /// header ``schemaIDHeader`` has the id carries the text alone.
    case confluentJSON = "confluent-json"

    /// The header by which Confluent's serializers name a value's schema when they do not prefix it.
    package static let schemaIDHeader = "__value_schema_id"
    private static let prefixBytes = 5

    /// What a record's value is under this encoding. The buffer is the message's, without a prefix.
    package func content(of message: MessageView) -> RecordContent {
        guard let value = message.value else { return .tombstone }
        guard self == .confluentJSON, message.withLastHeader(named: Self.schemaIDHeader, { _ in true }) == nil else {
            return .text(value, schemaID: nil)
        }
        guard Self.isPrefixed(value) else { return .unprefixed }
        let id = value[1..<Self.prefixBytes].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return .text(UnsafeRawBufferPointer(rebasing: value[Self.prefixBytes...]), schemaID: id)
    }

    /// Whether a value starts as Confluent's serializers let it start, which no JSON text does.
    package static func isPrefixed(_ value: UnsafeRawBufferPointer) -> Bool {
        value.count >= prefixBytes && value[0] == 0
    }
}

/// What a record carries.
package enum RecordContent {
    /// A null value, which deletes its key and obeys every contract.
    case tombstone
    /// What should be JSON; with the id that stood before it.
    case text(UnsafeRawBufferPointer, schemaID: UInt32?)
    /// There is no prefix where the encoding asks for one.
    case unprefixed
}
