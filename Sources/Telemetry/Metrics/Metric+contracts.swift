/// The metrics of what a worker knows of a schema registry, with their meaning and when to alert.
extension Metric {
    /// Questions to the registry.
    package static let contractRequests = Metric(
        "busbar_contract_requests_total",
        .counter,
        "Schemas asked of the registry: ok, unknown (it has none, or refuses it), or error (it could not be asked).",
        labels: [.result],
        alert: "result=\"error\" increase over 5m > 0: what is not in the cache waits"
    )
    /// Schemas kept.
    package static let contractCacheEntries = Metric(
        "busbar_contract_cache_entries",
        .gauge,
        "Schemas of the registry that the worker keeps.",
        alert: "none; explains memory"
    )
    /// Bytes kept.
    package static let contractCacheBytes = Metric(
        "busbar_contract_cache_bytes",
        .gauge,
        "Bytes of the texts of those schemas.",
        alert: "none; explains memory"
    )
    /// Schemas that had to go.
    package static let contractCacheEvictions = Metric(
        "busbar_contract_cache_evictions_total",
        .counter,
        "Schemas that had to go because the cache was full.",
        alert: "rate over 15m > 0: topics hold records of more schemas than are kept"
    )
    /// Partitions that wait for a schema.
    package static let contractWaitingPartitions = Metric(
        "busbar_contract_waiting_partitions",
        .gauge,
        "Partitions whose next record is of a schema that the registry could not be asked for yet.",
        labels: [.connector],
        alert: "> 0 for 5m: the registry is away"
    )

    /// All of the above.
    package static let ofContracts: [Metric] = [
        contractRequests, contractCacheEntries, contractCacheBytes, contractCacheEvictions, contractWaitingPartitions,
    ]
}
