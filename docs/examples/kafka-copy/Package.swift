// swift-tools-version: 6.2
import PackageDescription

// How another package takes busbar's Kafka wrapper. Outside this repository the dependency is the repository's URL.
let kafka = Target.Dependency.product(name: "Kafka", package: "busbar")
let kafkaTesting = Target.Dependency.product(name: "KafkaTesting", package: "busbar")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "kafka-copy",
    dependencies: [
        .package(name: "busbar", path: "../../.."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .target(name: "TopicCopy", dependencies: [kafka, logging]),
        .executableTarget(name: "kafka-copy", dependencies: ["TopicCopy", kafka, logging]),
        .testTarget(name: "TopicCopyTests", dependencies: ["TopicCopy", kafka, kafkaTesting, logging]),
    ]
)
