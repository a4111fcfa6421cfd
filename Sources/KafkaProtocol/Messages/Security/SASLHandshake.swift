/// Chooses a SASL mechanism (KIP-43). Versions 0-1.
package struct SASLHandshakeRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.saslHandshake

    package var mechanism: String

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        mechanism = try reader.string()
    }
}

/// Answers `SASLHandshakeRequest`.
package struct SASLHandshakeResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.saslHandshake

    package var errorCode: ErrorCode
    /// All that the broker offers.
    package var mechanisms: [String]

    package init(errorCode: ErrorCode = .noError, mechanisms: [String]) {
        self.errorCode = errorCode
        self.mechanisms = mechanisms
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.stringArray(mechanisms)
    }
}
