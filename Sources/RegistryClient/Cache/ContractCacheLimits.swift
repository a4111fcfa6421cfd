/// The bounds of a worker's cache of contracts.
package struct ContractCacheLimits: Sendable {
    /// Schemas, in memory and on disk alike. Default 1,000.
    package var entries = 1_000
    /// Bytes of their texts with all they refer to; what is compiled takes some times that. Default 32 MiB.
    package var bytes = 32 << 20
    /// How long it is believed that the registry has no such schema. Default 30 s.
    package var refusedFor = Duration.seconds(30)
    /// Answers of that kind. Default 1,000.
    package var refusals = 1_000
    /// How long the latest version is believed to be the latest. Default 60 s.
    package var latestFor = Duration.seconds(60)
    /// Longest wait before a registry that is away is asked again; it begins with an eighth of a second and doubles.
    /// Default 10 s.
    package var longestWait = Duration.seconds(10)
    /// Schemas that are asked for at one time in the background. Default 16.
    package var requests = 16

    package init() {}
}
