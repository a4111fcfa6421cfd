import KafkaProtocol

extension Golden {
    /// Encoded by kafka-python 3.0.12 from the values listed, of which each names the versions that have it.
    static let requestsConfiguration: [APIKey: String] = [
        .describeConfigs: """
        resources.0.resourceType=topic @1-4
        resources.0.resourceName=resource-60é @1-4
        resources.0.configurationKeys.0=configur-67é @1-4
        resources.0.configurationKeys.1=configur-0é @1-4
        resources.1.resourceType=topic @1-4
        resources.1.resourceName=resource-73é @1-4
        resources.1.configurationKeys.0=configur-80é @1-4
        resources.1.configurationKeys.1=configur-13é @1-4
        includeSynonyms=true @1-4
        includeDocumentation=true @3-4
        bytes @1-2
        0000000202000d7265736f757263652d3630c3a900000002000d636f6e66696775722d3637c3a9000c636f6e66696775722d
        30c3a902000d7265736f757263652d3733c3a900000002000d636f6e66696775722d3830c3a9000d636f6e66696775722d31
        33c3a901
        bytes @3
        0000000202000d7265736f757263652d3630c3a900000002000d636f6e66696775722d3637c3a9000c636f6e66696775722d
        30c3a902000d7265736f757263652d3733c3a900000002000d636f6e66696775722d3830c3a9000d636f6e66696775722d31
        33c3a90101
        bytes @4
        03020e7265736f757263652d3630c3a9030e636f6e66696775722d3637c3a90d636f6e66696775722d30c3a900020e726573
        6f757263652d3733c3a9030e636f6e66696775722d3830c3a90e636f6e66696775722d3133c3a900010100
        """,
        .alterConfigs: """
        resources.0.resourceType=topic @0-2
        resources.0.resourceName=resource-60é @0-2
        resources.0.configs.0.name=name-4é @0-2
        resources.0.configs.0.value=value-54é @0-2
        resources.1.resourceType=topic @0-2
        resources.1.resourceName=resource-73é @0-2
        resources.1.configs.0.name=name-17é @0-2
        resources.1.configs.0.value=value-67é @0-2
        validateOnly=true @0-2
        bytes @0-1
        0000000202000d7265736f757263652d3630c3a90000000100086e616d652d34c3a9000a76616c75652d3534c3a902000d72
        65736f757263652d3733c3a90000000100096e616d652d3137c3a9000a76616c75652d3637c3a901
        bytes @2
        03020e7265736f757263652d3630c3a902096e616d652d34c3a90b76616c75652d3534c3a90000020e7265736f757263652d
        3733c3a9020a6e616d652d3137c3a90b76616c75652d3637c3a900000100
        """,
        .incrementalAlterConfigs: """
        resources.0.resourceType=topic @0-1
        resources.0.resourceName=resource-60é @0-1
        resources.0.configs.0.name=name-4é @0-1
        resources.0.configs.0.configOperation=append @0-1
        resources.0.configs.0.value=value-54é @0-1
        resources.1.resourceType=topic @0-1
        resources.1.resourceName=resource-73é @0-1
        resources.1.configs.0.name=name-17é @0-1
        resources.1.configs.0.configOperation=append @0-1
        resources.1.configs.0.value=value-67é @0-1
        validateOnly=true @0-1
        bytes @0
        0000000202000d7265736f757263652d3630c3a90000000100086e616d652d34c3a902000a76616c75652d3534c3a902000d
        7265736f757263652d3733c3a90000000100096e616d652d3137c3a902000a76616c75652d3637c3a901
        bytes @1
        03020e7265736f757263652d3630c3a902096e616d652d34c3a9020b76616c75652d3534c3a90000020e7265736f75726365
        2d3733c3a9020a6e616d652d3137c3a9020b76616c75652d3637c3a900000100
        """,
    ]
}
