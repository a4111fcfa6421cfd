/// What every request starts with. Source: https://kafka.apache.org/protocol#protocol_messages.
package struct RequestHeader: Equatable, Sendable {
    package let apiKey: APIKey
    package let apiVersion: Int16
    /// Chosen by the client, repeated in the response.
    package let correlationID: Int32
    /// What the client calls itself; null from some.
    package let clientID: String?

    /// Whether the body can be decoded. If not, an ApiVersions request is answered with `unsupportedVersion` in the
    /// form of version 0 (KIP-511); for every other API Kafka closes the connection.
    package var isSupported: Bool { apiKey.supportedVersions?.contains(apiVersion) ?? false }

    /// Reads the header and leaves the reader at the body, flexible when the body is.
    ///
    /// The client id of a version that is not served is not read: its form is not known.
    ///
    /// - Throws: `unknownAPI` for a key that is not Kafka's; `truncated` and the like.
    package init(from reader: inout WireReader) throws(ProtocolError) {
        let start = reader.offset
        let key = try reader.int16()
        guard let apiKey = APIKey(rawValue: key) else {
            throw ProtocolError(.unknownAPI, "API key \(key) is not one of Kafka's", at: start)
        }
        self.apiKey = apiKey
        apiVersion = try reader.int16()
        correlationID = try reader.int32()
        guard let versions = apiKey.supportedVersions, versions.contains(apiVersion) else {
            clientID = nil
            return
        }
        clientID = try reader.classicNullableString()
        reader.flexible = apiKey.isFlexible(apiVersion)
        try reader.taggedFields()
    }

    package init(apiKey: APIKey, apiVersion: Int16, correlationID: Int32, clientID: String?) {
        self.apiKey = apiKey
        self.apiVersion = apiVersion
        self.correlationID = correlationID
        self.clientID = clientID
    }
}
