internal import Dedupe
internal import Expressions
internal import FoundationEssentials

extension DriverEnvironment {
    /// Opens the dedupe state of a connector that has one; `cluster` is the id of the log's cluster, where it has one.
    func dedupeStage(for plan: ConnectorPlan, in cluster: String?) throws -> DedupeStage? {
        guard let dedupe = plan.dedupe else { return nil }
        try FileManager.default.createDirectory(atPath: stateDirectory, withIntermediateDirectories: true)
        let configuration = DedupeConfiguration(
            path: stateDirectory + "/dedupe.sqlite",
            identity: "\(plan.name) \(dedupe.key.identity)",
            cluster: cluster,
            window: dedupe.window
        )
        return try DedupeStage(dedupe, plan.format, configuration, logger: logger)
    }
}

extension DedupePlan.Key {
    /// Text that changes when the meaning of the keys does.
    fileprivate var identity: String {
        switch self {
        case .cloudEvent: "cloudevent"
        case .header(let name): "header \(name)"
        case .key: "key"
        case .program(let program): "jq \(program.source)"
        }
    }
}
