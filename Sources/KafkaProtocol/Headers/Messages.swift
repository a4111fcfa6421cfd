package import NIOCore

/// The body of a request, which the server decodes.
package protocol RequestBody: Sendable {
    static var apiKey: APIKey { get }

    /// Decodes a body of a supported version.
    ///
    /// - Parameters:
    ///   - reader: At the body's first byte; its `flexible` fits the version, as `RequestHeader` leaves it.
    ///   - version: The request's.
    /// - Throws: What is wrong with the bytes.
    init(from reader: inout WireReader, version: Int16) throws(ProtocolError)
}

extension RequestBody {
    /// Decodes a body that stands alone.
    ///
    /// - Throws: `unsupportedVersion`, or what is wrong with the body. Bytes behind it are not an error, as in Kafka.
    package init(body: ByteBuffer, version: Int16) throws(ProtocolError) {
        guard let versions = Self.apiKey.supportedVersions, versions.contains(version) else {
            throw ProtocolError(.unsupportedVersion, "\(Self.apiKey) \(version) is not served", at: 0)
        }
        var reader = WireReader(body, flexible: Self.apiKey.isFlexible(version))
        try self.init(from: &reader, version: version)
    }
}

/// The body of a response, which the server encodes.
package protocol ResponseBody: Sendable {
    static var apiKey: APIKey { get }

    /// Encodes the body in a supported version.
    ///
    /// - Parameters:
    ///   - writer: Its `flexible` fits the version.
    ///   - version: The request's.
    func write(to writer: inout WireWriter, version: Int16)
}
