// swift-tools-version: 6.2
import PackageDescription

// The Kafka wrapper alone: the same folders as in the package above, without busbar's other dependencies. It builds and
// tests in a minute, which is what sanitizers and valgrind want.
//
//     swift test --package-path packages/kafka
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "kafka",
    products: [
        .library(name: "Kafka", targets: ["Kafka", "Log"]),
        .library(name: "KafkaTesting", targets: ["KafkaTesting"]),
    ],
    dependencies: [.package(url: "https://github.com/apple/swift-log", from: "1.16.2")],
    targets: [
        .systemLibrary(name: "CLibrdkafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .target(name: "Log"),
        .target(name: "LogTesting", dependencies: ["Log"]),
        .target(name: "Kafka", dependencies: ["CLibrdkafka", "Log", logging]),
        .target(name: "KafkaTesting", dependencies: ["CLibrdkafka", "Kafka", "Log", logging]),
        .executableTarget(name: "KafkaExercise", dependencies: ["Kafka", "KafkaTesting", "Log", logging]),
        .testTarget(name: "LogTests", dependencies: ["Log", "LogTesting"]),
        .testTarget(name: "KafkaTests", dependencies: ["Kafka", "KafkaTesting", "Log", logging]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
    if target.name == "Kafka" { target.swiftSettings?.append(.strictMemorySafety()) }
}
