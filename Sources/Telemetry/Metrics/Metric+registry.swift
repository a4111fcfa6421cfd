/// The metrics of the schema registry, with their meaning and when to alert.
extension Metric {
    /// Requests answered.
    package static let registryRequests = Metric(
        "busbar_registry_requests_total",
        .counter,
        "Requests of the registry's API, by HTTP status.",
        labels: [.code],
        alert: "code=~\"5..\" increase over 5m > 0: changes cannot be stored"
    )
    /// Time to answer.
    package static let registryRequestSeconds = Metric(
        "busbar_registry_request_seconds",
        .histogram,
        "Time from a request's head to its answer; a change waits for those before it and for its storage.",
        alert: "0.99 quantile above 1 s for 10m: the storage is slow",
        buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    )
    /// Changes stored.
    package static let registryChanges = Metric(
        "busbar_registry_changes_total",
        .counter,
        "Changes stored by this process: registrations, deletions, levels and modes.",
        alert: "none; explains the load"
    )
    /// Subjects.
    package static let registrySubjects = Metric(
        "busbar_registry_subjects",
        .gauge,
        "Subjects, softly deleted ones too.",
        alert: "none; explains memory"
    )
    /// Schemas.
    package static let registrySchemas = Metric(
        "busbar_registry_schemas",
        .gauge,
        "Different schemas, over all contexts.",
        alert: "none; explains memory"
    )
    /// Schemas at work.
    package static let registryChecks = Metric(
        "busbar_registry_checks",
        .gauge,
        "Schemas being compiled or compared, and waiting for it; beyond the bound requests are answered 429.",
        alert: "above 10 for 5m: schemas come that take long to compare; --check-timeout-ms bounds each"
    )
    /// Records that were not understood.
    package static let registryIgnoredRecords = Metric(
        "busbar_registry_ignored_records",
        .gauge,
        "Records of the storage that mean nothing to this registry, such as another registry's NOOPs.",
        alert: "growth while no other registry writes to the topic"
    )

    /// All of the above.
    package static let ofRegistry: [Metric] = [
        registryRequests, registryRequestSeconds, registryChanges, registrySubjects, registrySchemas,
        registryChecks, registryIgnoredRecords,
    ]
}
