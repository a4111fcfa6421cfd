package import NIOCore

/// A structure that the server decodes: a request's body or a part of it.
package protocol WireReadable: Sendable {
    /// Decodes a structure of a supported version.
    ///
    /// - Parameters:
    ///   - reader: At the structure's first byte; its `flexible` fits the version, as `RequestHeader` leaves it.
    ///   - version: The request's.
    /// - Throws: What is wrong with the bytes.
    init(from reader: inout WireReader, version: Int16) throws(ProtocolError)
}

/// The body of a request.
package protocol RequestBody: WireReadable {
    static var apiKey: APIKey { get }
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

/// A structure that the server encodes: a response's body or a part of it.
package protocol WireWritable: Sendable {
    /// Encodes the structure in a supported version.
    ///
    /// - Parameters:
    ///   - writer: Its `flexible` fits the version.
    ///   - version: The request's.
    func write(to writer: inout WireWriter, version: Int16)
}

/// The body of a response.
package protocol ResponseBody: WireWritable {
    static var apiKey: APIKey { get }
}
