// swift-tools-version: 6.2
import PackageDescription

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "busbar",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        // The C boundary: system libraries, nothing else.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

        // libjq of Debian 12 has no pkg-config file.
        .systemLibrary(name: "CJQ", providers: [.apt(["libjq-dev"])]),

        // L1: values, rules and parsers.
        .target(name: "Log"),
        .target(name: "JSON"),
        .target(name: "Delivery", dependencies: ["Log"]),
        .target(name: "Telemetry", dependencies: [logging]),

        // L2
        .target(name: "Dedupe", dependencies: ["CSQLite", "Log"]),

        .target(name: "Contracts", dependencies: ["JSON"]),
        .target(name: "Expressions", dependencies: ["CJQ", "JSON"]),

        // L3
        .target(name: "ConnectorKit", dependencies: ["Delivery", "Log", logging, yams]),

        // L5
        .target(
            name: "Worker",
            dependencies: ["ConnectorKit", "Contracts", "Dedupe", "Delivery", "Expressions", "JSON", "Log", "Telemetry", asyncHTTPClient, crypto, hummingbird, logging, nioCore, yams, argumentParser]
        ),

        // Beside
        .target(name: "TestKit", dependencies: ["Log"]),
    ]
)

/// Targets that touch C or raw memory: there, every unsafe expression is spelled out.
let unsafeTargets: Set<String> = ["Dedupe", "Expressions", "JSON"]

// One set of rules for every Swift target.
for target in package.targets where target.type != .system {
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
