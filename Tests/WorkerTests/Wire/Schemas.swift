import ConnectorKit
import Contracts
import Delivery
import Foundation
import Log
import Logging
import Registry
import RegistryClient
import RegistryTesting
import Telemetry

@testable import Worker

/// Schemas, caches and marked payloads for the tests of the wire format.
enum Schemas {
    /// Asks for a whole number `n`.
    static let number = #"{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}"#
    /// Asks for a text `t`.
    static let text = #"{"type":"object","required":["t"],"properties":{"t":{"type":"string"}}}"#

    /// A registry over a SQLite file in a folder; the file may be opened again by the next one.
    static func with<R: Sendable>(
        in folder: String,
        port: Int = 0,
        _ body: @Sendable (InProcessRegistry) async throws -> R
    ) async throws -> R {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try await InProcessRegistry.with(
            try await SQLiteStorage.open(path: folder + "/registry.db"),
            port: port,
            body
        )
    }

    static func client(_ url: String) throws -> RegistryClient {
        var configuration = try RegistryClientConfiguration(urls: [url])
        configuration.rounds = 1
        return try RegistryClient(configuration)
    }

    static func cache(_ url: String, in folder: String? = nil, metrics: MetricsRegistry = MetricsRegistry()) throws
        -> ContractCache
    {
        var limits = ContractCacheLimits()
        limits.longestWait = .milliseconds(200)
        return try ContractCache(
            client(url),
            directory: folder.map { $0 + "/contracts" },
            limits: limits,
            metrics: metrics,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// `payload` with an id before it.
    static func marked(_ id: Int32, _ payload: String) -> [UInt8] {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: UInt32(bitPattern: id) >> (24 - 8 * $0)) }
        return [0] + bytes + Array(payload.utf8)
    }

    /// The header that names a schema by its GUID.
    static func header(_ guid: String) -> Header {
        let digits = Array(guid.utf8.filter { $0 != UInt8(ascii: "-") })
        let bytes = stride(from: 0, to: digits.count, by: 2).map { index in
            UInt8(String(decoding: digits[index..<(index + 2)], as: UTF8.self), radix: 16) ?? 0
        }
        return Header("__value_schema_id", [1] + bytes)
    }
}

extension ConnectorPlan {
    /// Reads `in` in Confluent's format and delivers to `sink`.
    static func unwrapping(to sink: any Sink, _ cache: ContractCache?, contract: Contract? = nil) -> ConnectorPlan {
        var plan = ConnectorPlan.delivering(to: sink)
        plan.format = .confluentJSON
        plan.schemas = cache
        plan.contract = contract
        return plan
    }

    /// Reads `in` in Confluent's format and writes `out`, in it or not.
    static func recoding(_ cache: ContractCache?, _ encoding: PlannedEncoding?) -> ConnectorPlan {
        var plan = ConnectorPlan.copying()
        plan.format = .confluentJSON
        plan.schemas = cache
        plan.routes[0].encoding = encoding
        return plan
    }
}

extension Rig {
    /// Appends values to partitions of `in`.
    func produce(_ values: [[UInt8]?], to partition: PartitionID = 0, headers: [Header] = []) async throws {
        var batch = ProduceBatch()
        for value in values {
            batch.append(topic: "in", partition: partition, key: nil, value: value, headers: headers)
        }
        try await produce(batch)
    }

    /// What the metrics say of partitions that wait for a schema.
    var waiting: String? {
        registry.exposition().split(separator: "\n").first { $0.hasPrefix("busbar_contract_waiting_partitions{") }
            .flatMap { $0.split(separator: " ").last.map(String.init) }
    }
}
