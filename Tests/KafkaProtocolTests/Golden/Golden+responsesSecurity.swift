import KafkaProtocol
import NIOCore

/// What kafka-python 3.0.12 encodes from the same values.
extension Golden {
    private static let saslHandshakeResponse = Response(
        SASLHandshakeResponse(
            errorCode: .notCoordinator,
            mechanisms: ["mechanis-53é", "mechanis-67é"]
        ),
        """
        bytes @0-1
        001000000002000d6d656368616e69732d3533c3a9000d6d656368616e69732d3637c3a9
        """
    )

    private static let describeAclsResponse = Response(
        DescribeACLsResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator,
            errorMessage: "errormes-50é",
            resources: [
                DescribeACLsResponse.Resource(
                    resourceType: .topic,
                    resourceName: "resource-60é",
                    patternType: .prefixed,
                    acls: [
                        DescribeACLsResponse.ACL(
                            principal: "principa-3é",
                            host: "host-50é",
                            operation: .read,
                            permissionType: .allow
                        )
                    ]
                ),
                DescribeACLsResponse.Resource(
                    resourceType: .topic,
                    resourceName: "resource-73é",
                    patternType: .prefixed,
                    acls: [
                        DescribeACLsResponse.ACL(
                            principal: "principa-16é",
                            host: "host-63é",
                            operation: .read,
                            permissionType: .allow
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @1
        000035a50010000d6572726f726d65732d3530c3a90000000202000d7265736f757263652d3630c3a90400000001000c7072
        696e636970612d33c3a90009686f73742d3530c3a9030302000d7265736f757263652d3733c3a90400000001000d7072696e
        636970612d3136c3a90009686f73742d3633c3a90303
        bytes @2-3
        000035a500100e6572726f726d65732d3530c3a903020e7265736f757263652d3630c3a904020d7072696e636970612d33c3
        a90a686f73742d3530c3a903030000020e7265736f757263652d3733c3a904020e7072696e636970612d3136c3a90a686f73
        742d3633c3a90303000000
        """
    )

    private static let createAclsResponse = Response(
        CreateACLsResponse(
            throttleTimeMs: 13733,
            results: [
                CreateACLsResponse.Result(
                    errorCode: .brokerNotAvailable,
                    errorMessage: "errormes-62é"
                ),
                CreateACLsResponse.Result(
                    errorCode: .notEnoughReplicas,
                    errorMessage: "errormes-73é"
                ),
            ]
        ),
        """
        bytes @1
        000035a5000000020008000d6572726f726d65732d3632c3a90013000d6572726f726d65732d3733c3a9
        bytes @2-3
        000035a50300080e6572726f726d65732d3632c3a90000130e6572726f726d65732d3733c3a90000
        """
    )

    private static let deleteAclsResponse = Response(
        DeleteACLsResponse(
            throttleTimeMs: 13733,
            filterResults: [
                DeleteACLsResponse.FilterResult(
                    errorCode: .offsetOutOfRange,
                    errorMessage: "errormes-89é",
                    matchingAcls: [
                        DeleteACLsResponse.MatchingACL(
                            errorCode: .recordListTooLarge,
                            errorMessage: "errormes-88é",
                            resourceType: .topic,
                            resourceName: "resource-24é",
                            patternType: .prefixed,
                            principal: "principa-83é",
                            host: "host-38é",
                            operation: .read,
                            permissionType: .allow
                        )
                    ]
                ),
                DeleteACLsResponse.FilterResult(
                    errorCode: .recordListTooLarge,
                    errorMessage: "errormes-6é",
                    matchingAcls: [
                        DeleteACLsResponse.MatchingACL(
                            errorCode: .networkException,
                            errorMessage: "errormes-5é",
                            resourceType: .topic,
                            resourceName: "resource-41é",
                            patternType: .prefixed,
                            principal: "principa-0é",
                            host: "host-55é",
                            operation: .read,
                            permissionType: .allow
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @1
        000035a5000000020001000d6572726f726d65732d3839c3a9000000010012000d6572726f726d65732d3838c3a902000d72
        65736f757263652d3234c3a904000d7072696e636970612d3833c3a90009686f73742d3338c3a903030012000c6572726f72
        6d65732d36c3a900000001000d000c6572726f726d65732d35c3a902000d7265736f757263652d3431c3a904000c7072696e
        636970612d30c3a90009686f73742d3535c3a90303
        bytes @2-3
        000035a50300010e6572726f726d65732d3839c3a90200120e6572726f726d65732d3838c3a9020e7265736f757263652d32
        34c3a9040e7072696e636970612d3833c3a90a686f73742d3338c3a90303000000120d6572726f726d65732d36c3a902000d
        0d6572726f726d65732d35c3a9020e7265736f757263652d3431c3a9040d7072696e636970612d30c3a90a686f73742d3535
        c3a90303000000
        """
    )

    private static let saslAuthenticateResponse = Response(
        SASLAuthenticateResponse(
            errorCode: .notCoordinator,
            errorMessage: "errormes-50é",
            authBytes: ByteBuffer(hex: "ba00ff07"),
            sessionLifetimeMs: 19310057930
        ),
        """
        bytes @0
        0010000d6572726f726d65732d3530c3a900000004ba00ff07
        bytes @1
        0010000d6572726f726d65732d3530c3a900000004ba00ff07000000047ef819ca
        bytes @2
        00100e6572726f726d65732d3530c3a905ba00ff07000000047ef819ca00
        """
    )

    private static let describeUserScramCredentialsResponse = Response(
        DescribeUserSCRAMCredentialsResponse(
            throttleTimeMs: 13733,
            errorCode: .notCoordinator,
            errorMessage: "errormes-50é",
            results: [
                DescribeUserSCRAMCredentialsResponse.Result(
                    user: "user-52é",
                    errorCode: .brokerNotAvailable,
                    errorMessage: "errormes-62é",
                    credentialInfos: [
                        DescribeUserSCRAMCredentialsResponse.Credential(
                            mechanism: .sha512,
                            iterations: 80355
                        )
                    ]
                ),
                DescribeUserSCRAMCredentialsResponse.Result(
                    user: "user-63é",
                    errorCode: .notEnoughReplicas,
                    errorMessage: "errormes-73é",
                    credentialInfos: [
                        DescribeUserSCRAMCredentialsResponse.Credential(
                            mechanism: .sha512,
                            iterations: 80366
                        )
                    ]
                ),
            ]
        ),
        """
        bytes @0
        000035a500100e6572726f726d65732d3530c3a9030a757365722d3532c3a900080e6572726f726d65732d3632c3a9020200
        0139e300000a757365722d3633c3a900130e6572726f726d65732d3733c3a90202000139ee000000
        """
    )

    private static let alterUserScramCredentialsResponse = Response(
        AlterUserSCRAMCredentialsResponse(
            throttleTimeMs: 13733,
            results: [
                AlterUserSCRAMCredentialsResponse.Result(
                    user: "user-52é",
                    errorCode: .brokerNotAvailable,
                    errorMessage: "errormes-62é"
                ),
                AlterUserSCRAMCredentialsResponse.Result(
                    user: "user-63é",
                    errorCode: .notEnoughReplicas,
                    errorMessage: "errormes-73é"
                ),
            ]
        ),
        """
        bytes @0
        000035a5030a757365722d3532c3a900080e6572726f726d65732d3632c3a9000a757365722d3633c3a900130e6572726f72
        6d65732d3733c3a90000
        """
    )

    static let responsesSecurity = [
        saslHandshakeResponse, describeAclsResponse, createAclsResponse, deleteAclsResponse, saslAuthenticateResponse,
        describeUserScramCredentialsResponse, alterUserScramCredentialsResponse,
    ]
}
