// swift-tools-version: 6.2
import PackageDescription

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "busbar",
    products: [
        // What other packages may take from us: the client, and its mock cluster for their tests.
        .library(name: "Kafka", targets: ["Kafka", "Log"]),
        .library(name: "KafkaTesting", targets: ["KafkaTesting"]),
        .executable(name: "busbar", targets: ["busbar"]),
        .executable(name: "busbar-broker", targets: ["busbar-broker"]),
        .executable(name: "busbar-registry", targets: ["busbar-registry"]),
        .executable(name: "busbar-worker", targets: ["busbar-worker"]),
        .executable(name: "busbar-bench", targets: ["busbar-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        // Verifies OAUTHBEARER tokens: else the JSON Web Signature algorithms and their key formats would be ours.
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // L0, the C boundary: system libraries, nothing else.
        .systemLibrary(name: "CLibrdkafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        // libjq of Debian 12 has no pkg-config file.
        .systemLibrary(name: "CJQ", providers: [.apt(["libjq-dev"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
        // Nor has libsnappy.
        .systemLibrary(name: "CSnappy", providers: [.apt(["libsnappy-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        // CRC-32C by the processor's instruction, in C because Swift has no name for it.
        .target(name: "CCRC32C"),
        // Sixteen bytes of text at a time, in C because Swift's vectors are compared byte by byte.
        .target(name: "CTextScan"),

        // L1: values, rules, parsers, and the log.
        .target(name: "Log"),
        .target(name: "JSON", dependencies: ["CTextScan"]),
        .target(name: "Delivery", dependencies: ["Log"]),
        .target(name: "Telemetry", dependencies: [logging]),
        .target(name: "Kafka", dependencies: ["CLibrdkafka", "Log", logging]),
        .target(name: "Compression", dependencies: ["CLZ4", "CSnappy", "CZlib", "CZstd", nioCore]),
        .target(name: "KafkaProtocol", dependencies: ["CCRC32C", nioCore]),

        // The HTTP server that the programs share.
        .target(
            name: "HTTPService",
            dependencies: [hummingbird, hummingbirdCore, hummingbirdTLS, logging, nioCore, nioSSL]
        ),
        // Who a signed token speaks for: what the servers that take tokens share.
        .target(name: "Tokens", dependencies: ["Telemetry", jwtKit, logging, nioPosix]),

        // L2
        .target(name: "Contracts", dependencies: ["CIDN2", "CPCRE2", "JSON", crypto, yams]),
        .target(name: "Dedupe", dependencies: ["CSQLite", "Log"]),
        .target(name: "Expressions", dependencies: ["CJQ", "JSON"]),
        .target(name: "LogStorage", dependencies: ["Compression", "KafkaProtocol", nioCore]),

        // L3: what a connector author sees.
        .target(name: "ConnectorKit", dependencies: ["Delivery", "JSON", "Log", logging, yams]),

        // L4
        .target(
            name: "Connectors",
            dependencies: [
                "ConnectorKit", "Delivery", "JSON", "Log",
                asyncHTTPClient, crypto, httpTypes, hummingbirdCore, logging, nioCore, nioHTTP1, nioPosix, nioSSL,
            ]
        ),

        .target(
            name: "Registry",
            dependencies: [
                "CSQLite", "Contracts", "HTTPService", "JSON", "Log", "Telemetry", "Tokens",
                crypto, cryptoExtras, httpTypes, hummingbird, logging, nioCore, nioPosix, nioSSL,
            ]
        ),

        // The registry from the other side: its API, and what a worker keeps of its schemas.
        .target(
            name: "RegistryClient",
            dependencies: [
                "Contracts", "JSON", "Telemetry", asyncHTTPClient, crypto, logging, nioCore, nioHTTP1, nioPosix, nioSSL,
            ]
        ),

        // The embedded log: Kafka's protocol from one machine.
        .target(
            name: "Broker",
            dependencies: [
                "Compression", "ConnectorKit", "HTTPService", "KafkaProtocol", "LogStorage", "Telemetry", "Tokens",
                asn1, crypto, hummingbird, logging, nioCore, nioPosix, nioSSL, nioTLS, serviceLifecycle,
            ]
        ),

        // Contracts against what is in a topic.
        .target(name: "Traffic", dependencies: ["Contracts", "JSON", "Log"]),

        // A folder of contracts beside what is released: by git, of a folder, of a registry.
        .target(
            name: "SchemaCheck",
            dependencies: ["Contracts", "Expressions", "JSON", "Log", "Traffic", subprocess, systemPackage]
        ),

        // L5
        .target(
            name: "Worker",
            dependencies: [
                "ConnectorKit", "Contracts", "Dedupe", "Delivery", "Expressions", "HTTPService", "JSON", "Log",
                "RegistryClient", "Telemetry",
                hummingbird, logging, nioCore, serviceLifecycle,
            ]
        ),

        // Runs the `tests:` of connector files without a broker.
        .target(
            name: "ConnectorTesting",
            dependencies: ["ConnectorKit", "Delivery", "JSON", "Log", "Telemetry", "Worker", logging]
        ),

        // What the executables are made of: files and settings in, a running worker out.
        .target(
            name: "Application",
            dependencies: [
                "Broker", "ConnectorKit", "Connectors", "Contracts", "Expressions", "Kafka", "Log", "RegistryClient",
                "Telemetry", "Worker",
                argumentParser, asyncHTTPClient, logging, nioCore, nioHTTP1, nioSSL, serviceLifecycle, unixSignals,
            ]
        ),

        // The demo: a day of GitHub traffic with its truth, a ticket system, and what `busbar dev` starts.
        .target(name: "Demo", dependencies: ["HTTPService", "JSON", crypto, hummingbird, logging, nioCore]),
        .target(
            name: "Dev",
            dependencies: [
                "Demo", "JSON", "LocalStack",
                asyncHTTPClient, logging, nioCore, nioHTTP1, serviceLifecycle, unixSignals,
            ]
        ),

        // Executables
        .executableTarget(
            name: "busbar",
            dependencies: [
                "Application", "ConnectorKit", "ConnectorTesting", "Connectors", "Contracts", "Dev", "Expressions",
                "JSON",
                "Kafka", "Log", "RegistryClient", "SchemaCheck", "Traffic",
                argumentParser, asyncHTTPClient, logging, nioCore, nioHTTP1, unixSignals,
            ]
        ),
        .executableTarget(
            name: "busbar-worker",
            dependencies: ["Application", argumentParser]
        ),

        .executableTarget(
            name: "busbar-registry",
            dependencies: [
                "ConnectorKit", "Contracts", "HTTPService", "Kafka", "Log", "Registry", "Telemetry",
                argumentParser, logging, serviceLifecycle, unixSignals,
            ]
        ),
        .executableTarget(
            name: "busbar-broker",
            dependencies: [
                "Broker", "ConnectorKit", "Telemetry", argumentParser, logging, serviceLifecycle, unixSignals,
            ]
        ),
        .executableTarget(
            name: "busbar-bench",
            dependencies: [
                "CAllocationCount", "CBenchReference", "ConnectorKit", "Contracts", "Delivery", "Dev", "Expressions",
                "JSON", "Kafka", "KafkaTesting", "LocalStack", "Log", "Telemetry", "Worker", argumentParser, logging,
            ]
        ),

        // Beside
        // The same loops as busbar-bench's in plain C: the reference that its ratios are taken against.
        .target(name: "CBenchReference", dependencies: ["CLibrdkafka"]),
        // Stands in for malloc and counts its calls by thread, for benches and tests of paths that must not allocate.
        .target(name: "CAllocationCount"),
        .target(name: "LocalStack", dependencies: [subprocess, systemPackage]),
        // What every log must do, as cases; a clock that is set by hand; randomness from a printed seed.
        .target(name: "LogTesting", dependencies: ["Log"]),
        // A disk in memory that fails, tears and forgets: for the tests of those who write to one.
        .target(name: "LogStorageTesting", dependencies: ["LogStorage"]),
        // librdkafka's mock cluster, which can be told to fail: for the tests of everybody who uses `Kafka`.
        .target(name: "KafkaTesting", dependencies: ["CLibrdkafka", "Kafka", "Log", logging]),
        // Folders that go with a test, and where the data are that are no part of the repository.
        .target(name: "TestFiles"),
        // The schema registry in a test's own process.
        .target(name: "RegistryTesting", dependencies: ["HTTPService", "Registry", logging]),
        .target(
            name: "TestKit",
            dependencies: [
                "Broker", "ConnectorKit", "Delivery", "Kafka", "LocalStack", "Log", "LogTesting", "TestFiles",
                crypto, httpTypes, hummingbirdCore, logging, nioCore, nioHTTP1, nioPosix, nioSSL,
            ]
        ),
        .testTarget(
            name: "ApplicationTests",
            dependencies: [
                "Application", "Broker", "ConnectorKit", "Kafka", "KafkaTesting", "Log", "Telemetry", "TestKit",
                "Worker", logging,
            ]
        ),
        .testTarget(
            name: "BrokerTests",
            dependencies: [
                "Broker", "Compression", "ConnectorKit", "Kafka", "KafkaProtocol", "KafkaTesting", "Log", "LogStorage",
                "LogStorageTesting", "Telemetry", "TestFiles", "TestKit",
                "busbar-broker", logging, nioCore,
            ]
        ),
        .testTarget(
            name: "CatalogueTests",
            dependencies: ["ConnectorKit", "Connectors", "Contracts", "Demo", "Expressions", "JSON", "TestFiles"]
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "JSON", "Kafka", "KafkaTesting", "Log", "Registry", "RegistryTesting", "TestKit", "busbar", logging,
            ]
        ),
        .testTarget(name: "ConnectorKitTests", dependencies: ["ConnectorKit", "Delivery", "Log", logging]),
        .testTarget(
            name: "ConnectorTestingTests",
            dependencies: ["ConnectorKit", "ConnectorTesting", "Contracts", "Delivery", "JSON", "Log"]
        ),
        .testTarget(
            name: "ConnectorsTests",
            dependencies: [
                "ConnectorKit", "Connectors", "Delivery", "JSON", "Log", "LogTesting", "TestFiles", "TestKit",
                asyncHTTPClient, crypto, httpTypes, logging, nioCore, nioHTTP1, nioPosix,
            ]
        ),
        .testTarget(
            name: "ContractsTests",
            dependencies: ["CAllocationCount", "CPCRE2", "Contracts", "JSON", "LogTesting", "TestFiles"]
        ),
        .testTarget(name: "DedupeTests", dependencies: ["CSQLite", "Dedupe", "Log", "TestFiles"]),
        .testTarget(
            name: "DemoTests",
            dependencies: ["Demo", "JSON", asyncHTTPClient, logging, nioCore, nioHTTP1]
        ),
        .testTarget(name: "DeliveryTests", dependencies: ["Delivery", "Log", "TestFiles"]),
        .testTarget(name: "DeployTests", dependencies: ["Telemetry", yams]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Demo", "Dev", "JSON", "Kafka", "LocalStack", "Log", "LogTesting", "TestFiles", "TestKit", "busbar",
                "busbar-broker", "busbar-worker",
                asyncHTTPClient, logging, nioCore, nioHTTP1,
            ]
        ),
        .testTarget(name: "ExpressionsTests", dependencies: ["Expressions", "JSON"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "TestFiles"]),
        // What needs a broker that keeps its records.
        .testTarget(
            name: "KafkaBrokerTests",
            dependencies: [
                "Kafka", "KafkaTesting", "LocalStack", "Log", "LogTesting", "TestKit", "busbar-broker", logging,
            ]
        ),
        .testTarget(name: "KafkaProtocolTests", dependencies: ["CCRC32C", "KafkaProtocol", nioCore]),
        // What needs nothing but the wrapper and the mock cluster.
        .testTarget(name: "KafkaTests", dependencies: ["Kafka", "KafkaTesting", "Log", logging]),
        .testTarget(
            name: "LogStorageTests",
            dependencies: ["Compression", "KafkaProtocol", "LogStorage", "LogStorageTesting", nioCore]
        ),
        .testTarget(name: "LogTests", dependencies: ["Log", "LogTesting"]),
        .testTarget(
            name: "RegistryClientTests",
            dependencies: [
                "Contracts", "HTTPService", "JSON", "Log", "LogTesting", "Registry", "RegistryClient",
                "RegistryTesting", "Telemetry", "TestKit", logging,
            ]
        ),
        .testTarget(
            name: "RegistryTests",
            dependencies: [
                "Contracts", "HTTPService", "JSON", "LocalStack", "Log", "LogTesting", "Registry", "RegistryTesting",
                "TestFiles", "busbar-broker", "busbar-registry",
                asyncHTTPClient, crypto, jwtKit, logging, nioCore, nioHTTP1, nioSSL,
            ]
        ),
        .testTarget(
            name: "SchemaCheckTests",
            dependencies: [
                "Contracts", "JSON", "Log", "SchemaCheck", "TestFiles", "Traffic", subprocess, systemPackage, yams,
            ]
        ),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", logging]),
        .testTarget(name: "TokensTests", dependencies: ["TestFiles", "TestKit", "Tokens", logging, nioPosix]),
        .testTarget(
            name: "TrafficTests",
            dependencies: ["Contracts", "Kafka", "Log", "TestKit", "Traffic", logging]
        ),
        .testTarget(
            name: "WorkerTests",
            dependencies: [
                "ConnectorKit", "Connectors", "Contracts", "Delivery", "Expressions", "JSON", "Kafka", "LocalStack",
                "Log", "LogTesting", "Registry", "RegistryClient", "RegistryTesting", "Telemetry", "TestKit",
                "Worker", logging,
            ]
        ),
    ]
)

/// Targets that touch C or raw memory: there, every unsafe expression is spelled out.
let unsafeTargets: Set<String> = [
    "Compression", "Contracts", "Dedupe", "Expressions", "JSON", "Kafka", "KafkaProtocol", "LogStorage",
    "Registry",
]
/// Targets in C.
let cTargets: Set<String> = ["CAllocationCount", "CBenchReference", "CCRC32C", "CTextScan"]

// One set of rules for every Swift target.
for target in package.targets where target.type != .system && !cTargets.contains(target.name) {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
    if unsafeTargets.contains(target.name) { target.swiftSettings?.append(.strictMemorySafety()) }
}
