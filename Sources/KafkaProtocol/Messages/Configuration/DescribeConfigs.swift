/// Asks for the configuration of topics and brokers (KIP-133, KIP-226). Versions 1-4, flexible from 4.
package struct DescribeConfigsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.describeConfigs

    package var resources: [Resource]
    /// Whether to say where else the value could come from.
    package var includeSynonyms: Bool
    package var includeDocumentation: Bool

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        resources = try reader.array(of: Resource.self, version)
        includeSynonyms = try reader.bool()
        includeDocumentation = try version >= 3 ? reader.bool() : false
        try reader.taggedFields()
    }
}

extension DescribeConfigsRequest {
    package struct Resource: WireReadable, Equatable {
        package var resourceType: ConfigResourceType
        package var resourceName: String
        /// Nil asks for all.
        package var configurationKeys: [String]?

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            resourceType = try reader.choice()
            resourceName = try reader.string()
            configurationKeys = try reader.nullableStringArray()
            try reader.taggedFields()
        }
    }
}

/// Answers `DescribeConfigsRequest`.
package struct DescribeConfigsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.describeConfigs

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var results: [Result]

    package init(throttleTimeMs: Int32 = 0, results: [Result]) {
        self.throttleTimeMs = throttleTimeMs
        self.results = results
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(results, version)
        writer.taggedFields()
    }
}

extension DescribeConfigsResponse {
    package struct Result: WireWritable, Equatable {
        package var errorCode: ErrorCode
        package var errorMessage: String?
        package var resourceType: ConfigResourceType
        package var resourceName: String
        package var configs: [Config]

        package init(
            errorCode: ErrorCode = .noError,
            errorMessage: String? = nil,
            resourceType: ConfigResourceType,
            resourceName: String,
            configs: [Config]
        ) {
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.resourceType = resourceType
            self.resourceName = resourceName
            self.configs = configs
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.error(errorCode)
            writer.nullableString(errorMessage)
            writer.int8(resourceType.rawValue)
            writer.string(resourceName)
            writer.array(configs, version)
            writer.taggedFields()
        }
    }

    package struct Config: WireWritable, Equatable {
        package var name: String
        /// Nil when sensitive.
        package var value: String?
        package var readOnly: Bool
        package var configSource: ConfigSource
        package var isSensitive: Bool
        package var synonyms: [Synonym]
        package var configType: ConfigType
        package var documentation: String?

        package init(
            name: String,
            value: String? = nil,
            readOnly: Bool,
            configSource: ConfigSource = .unknown,
            isSensitive: Bool,
            synonyms: [Synonym],
            configType: ConfigType = .unknown,
            documentation: String? = nil
        ) {
            self.name = name
            self.value = value
            self.readOnly = readOnly
            self.configSource = configSource
            self.isSensitive = isSensitive
            self.synonyms = synonyms
            self.configType = configType
            self.documentation = documentation
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name)
            writer.nullableString(value)
            writer.bool(readOnly)
            writer.int8(configSource.rawValue)
            writer.bool(isSensitive)
            writer.array(synonyms, version)
            if version >= 3 { writer.int8(configType.rawValue) }
            if version >= 3 { writer.nullableString(documentation) }
            writer.taggedFields()
        }
    }

    package struct Synonym: WireWritable, Equatable {
        package var name: String
        package var value: String?
        package var source: ConfigSource

        package init(name: String, value: String? = nil, source: ConfigSource) {
            self.name = name
            self.value = value
            self.source = source
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name)
            writer.nullableString(value)
            writer.int8(source.rawValue)
            writer.taggedFields()
        }
    }
}
