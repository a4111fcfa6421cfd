// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because what is fuzzed must be instrumented. README.md says how to run it.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")

let package = Package(
    name: "fuzz",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // The sources of the package above, by symbolic link.
        .target(name: "CCRC32C", cSettings: [.unsafeFlags(["-fsanitize=fuzzer-no-link"])]),
        .target(
            name: "KafkaProtocol",
            dependencies: ["CCRC32C", nioCore],
            swiftSettings: settings + [.unsafeFlags(["-sanitize=fuzzer"])]
        ),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4"),
        .systemLibrary(name: "CSnappy"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
        .target(
            name: "Compression",
            dependencies: ["CLZ4", "CSnappy", "CZlib", "CZstd", nioCore],
            swiftSettings: settings + [.unsafeFlags(["-sanitize=fuzzer"])]
        ),
        .target(
            name: "FuzzTarget",
            dependencies: ["Compression", "KafkaProtocol", nioCore],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8"),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2"),
        .target(name: "CTextScan", cSettings: [.unsafeFlags(["-fsanitize=fuzzer-no-link"])]),
        .target(
            name: "JSON",
            dependencies: ["CTextScan"],
            swiftSettings: settings + [.unsafeFlags(["-sanitize=fuzzer"])]
        ),
        .target(
            name: "Contracts",
            dependencies: ["CIDN2", "CPCRE2", "JSON", crypto, yams],
            swiftSettings: settings + [.unsafeFlags(["-sanitize=fuzzer"])]
        ),
        .target(name: "ContractFuzzTarget", dependencies: ["Contracts", "JSON"], swiftSettings: settings),
        // libFuzzer has the main function; a Swift target would bring another.
        .executableTarget(
            name: "fuzz-kafka-protocol",
            dependencies: ["FuzzTarget"],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]
        ),
        .executableTarget(
            name: "fuzz-contracts",
            dependencies: ["ContractFuzzTarget"],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]
        ),
    ]
)
