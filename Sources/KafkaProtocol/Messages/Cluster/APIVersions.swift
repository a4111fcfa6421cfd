/// Asks which versions of which API are served (KIP-35, KIP-511). Versions 0-4, flexible from 3.
package struct APIVersionsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.apiVersions

    /// Empty below version 3. Whoever shows it must expect anything: Kafka allows letters, digits, `-` and `.` only.
    package var clientSoftwareName: String
    /// As the name.
    package var clientSoftwareVersion: String

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        clientSoftwareName = try version >= 3 ? reader.string() : ""
        clientSoftwareVersion = try version >= 3 ? reader.string() : ""
        try reader.taggedFields()
    }
}

/// Answers `APIVersionsRequest`; in version 0, with `unsupportedVersion`, when the request's version is not served.
package struct APIVersionsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.apiVersions

    package var errorCode: ErrorCode
    package var apiKeys: [APIVersion]
    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32

    package init(
        errorCode: ErrorCode = .noError,
        apiKeys: [APIVersion] = APIVersion.all,
        throttleTimeMs: Int32 = 0
    ) {
        self.errorCode = errorCode
        self.apiKeys = apiKeys
        self.throttleTimeMs = throttleTimeMs
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.array(apiKeys, version)
        if version >= 1 { writer.int32(throttleTimeMs) }
        writer.taggedFields()
    }
}

extension APIVersionsResponse {
    package struct APIVersion: WireWritable, Equatable {
        package var apiKey: APIKey
        package var versions: ClosedRange<Int16>

        /// Everything that this module decodes.
        package static let all = APIKey.served.compactMap { key in
            key.announcedVersions.map { APIVersion(apiKey: key, versions: $0) }
        }

        package init(apiKey: APIKey, versions: ClosedRange<Int16>) {
            self.apiKey = apiKey
            self.versions = versions
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int16(apiKey.rawValue)
            writer.int16(versions.lowerBound)
            writer.int16(versions.upperBound)
            writer.taggedFields()
        }
    }
}
