import KafkaProtocol

extension Golden {
    /// Encoded by kafka-python 3.0.12 from the values listed, of which each names the versions that have it.
    static let requestsSecurity: [APIKey: String] = [
        .saslHandshake: """
        mechanism=mechanis-3é @0-1
        bytes @0-1
        000c6d656368616e69732d33c3a9
        """,
        .describeAcls: """
        resourceTypeFilter=topic @1-3
        resourceNameFilter=resource-25é @1-3
        patternTypeFilter=prefixed @1-3
        principalFilter=principa-87é @1-3
        hostFilter=hostfilt-68é @1-3
        operation=read @1-3
        permissionType=allow @1-3
        bytes @1
        02000d7265736f757263652d3235c3a904000d7072696e636970612d3837c3a9000d686f737466696c742d3638c3a90303
        bytes @2-3
        020e7265736f757263652d3235c3a9040e7072696e636970612d3837c3a90e686f737466696c742d3638c3a9030300
        """,
        .createAcls: """
        creations.0.resourceType=topic @1-3
        creations.0.resourceName=resource-32é @1-3
        creations.0.resourcePatternType=prefixed @1-3
        creations.0.principal=principa-96é @1-3
        creations.0.host=host-55é @1-3
        creations.0.operation=read @1-3
        creations.0.permissionType=allow @1-3
        creations.1.resourceType=topic @1-3
        creations.1.resourceName=resource-45é @1-3
        creations.1.resourcePatternType=prefixed @1-3
        creations.1.principal=principa-9é @1-3
        creations.1.host=host-68é @1-3
        creations.1.operation=read @1-3
        creations.1.permissionType=allow @1-3
        bytes @1
        0000000202000d7265736f757263652d3332c3a904000d7072696e636970612d3936c3a90009686f73742d3535c3a9030302
        000d7265736f757263652d3435c3a904000c7072696e636970612d39c3a90009686f73742d3638c3a90303
        bytes @2-3
        03020e7265736f757263652d3332c3a9040e7072696e636970612d3936c3a90a686f73742d3535c3a9030300020e7265736f
        757263652d3435c3a9040d7072696e636970612d39c3a90a686f73742d3638c3a903030000
        """,
        .deleteAcls: """
        filters.0.resourceTypeFilter=topic @1-3
        filters.0.resourceNameFilter=resource-91é @1-3
        filters.0.patternTypeFilter=prefixed @1-3
        filters.0.principalFilter=principa-3é @1-3
        filters.0.hostFilter=hostfilt-24é @1-3
        filters.0.operation=read @1-3
        filters.0.permissionType=allow @1-3
        filters.1.resourceTypeFilter=topic @1-3
        filters.1.resourceNameFilter=resource-2é @1-3
        filters.1.patternTypeFilter=prefixed @1-3
        filters.1.principalFilter=principa-14é @1-3
        filters.1.hostFilter=hostfilt-35é @1-3
        filters.1.operation=read @1-3
        filters.1.permissionType=allow @1-3
        bytes @1
        0000000202000d7265736f757263652d3931c3a904000c7072696e636970612d33c3a9000d686f737466696c742d3234c3a9
        030302000c7265736f757263652d32c3a904000d7072696e636970612d3134c3a9000d686f737466696c742d3335c3a90303
        bytes @2-3
        03020e7265736f757263652d3931c3a9040d7072696e636970612d33c3a90e686f737466696c742d3234c3a9030300020d72
        65736f757263652d32c3a9040e7072696e636970612d3134c3a90e686f737466696c742d3335c3a903030000
        """,
        .saslAuthenticate: """
        authBytes=ba00ff07 @0-2
        bytes @0-1
        00000004ba00ff07
        bytes @2
        05ba00ff0700
        """,
        .describeUserScramCredentials: """
        users.0.name=name-70é @0
        users.1.name=name-79é @0
        bytes @0
        030a6e616d652d3730c3a9000a6e616d652d3739c3a90000
        """,
        .alterUserScramCredentials: """
        deletions.0.name=name-59é @0
        deletions.0.mechanism=sha512 @0
        deletions.1.name=name-72é @0
        deletions.1.mechanism=sha512 @0
        upsertions.0.name=name-1é @0
        upsertions.0.mechanism=sha512 @0
        upsertions.0.iterations=32702 @0
        upsertions.0.salt=7f00ff07 @0
        upsertions.0.saltedPassword=cb00ff07 @0
        upsertions.1.name=name-15é @0
        upsertions.1.mechanism=sha512 @0
        upsertions.1.iterations=32716 @0
        upsertions.1.salt=8d00ff07 @0
        upsertions.1.saltedPassword=d900ff07 @0
        bytes @0
        030a6e616d652d3539c3a902000a6e616d652d3732c3a9020003096e616d652d31c3a90200007fbe057f00ff0705cb00ff07
        000a6e616d652d3135c3a90200007fcc058d00ff0705d900ff070000
        """,
    ]
}
