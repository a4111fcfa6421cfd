internal import AsyncHTTPClient
internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// Asks a worker what it does, over its HTTP surface.
package struct WorkerProbe: Sendable {
    private let url: String

    /// - Parameter url: without a path, for example `http://127.0.0.1:8090`.
    package init(_ url: String) {
        self.url = url
    }

    /// One connector's line of `/connectors`.
    package struct Connector: Sendable, Hashable {
        package var name: String
        package var state: String
        package var consumed = 0
        package var delivered = 0
        package var filtered = 0
        package var duplicate = 0
        package var deadLettered: [String: Int] = [:]
        package var inFlight = 0
        package var residue = 0
        package var lag = 0

        package var deadLetters: Int { deadLettered.values.reduce(0, +) }
    }

    /// Whether every connector is ready; `false` also when nobody answers.
    package func isReady() async -> Bool {
        do {
            return try await HTTPClient.shared.execute(HTTPClientRequest(url: url + "/readyz"), timeout: .seconds(2))
                .status == .ok
        } catch {
            return false
        }
    }

    /// What every connector did up to now.
    package func connectors() async throws -> [Connector] {
        try await get("/connectors").split(separator: UInt8(ascii: "\n")).map { line in
            try JSONDocument(Array(line)).withRoot { Connector($0) }
        }
    }

    /// Quantiles of the time from a record's timestamp to its outcome, per connector, from the worker's histogram.
    package func latencies(_ quantiles: [Double]) async throws -> [String: [Double]] {
        let text = String(decoding: try await get("/metrics"), as: UTF8.self)
        return HistogramReading.all(named: "busbar_end_to_end_seconds", in: text)
            .mapValues { reading in quantiles.map(reading.quantile) }
    }

    private func get(_ path: String) async throws -> [UInt8] {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url + path), timeout: .seconds(10))
        return Array((try await response.body.collect(upTo: 16 << 20)).readableBytesView)
    }
}

extension WorkerProbe.Connector {
    fileprivate init(_ line: JSONValue) {
        name = line["connector"]?.string ?? ""
        state = line["state"]?.string ?? ""
        consumed = line.count("consumed")
        delivered = line.count("delivered")
        filtered = line.count("filtered")
        duplicate = line.count("duplicate")
        inFlight = line.count("in_flight")
        residue = line.count("residue")
        lag = line.count("lag")
        line["dead_lettered"]?.forEachMember { reason, count in
            deadLettered[reason.string] = count.number?.int64.map(Int.init) ?? 0
        }
    }
}

extension JSONValue {
    fileprivate func count(_ name: String) -> Int { self[name]?.number?.int64.map(Int.init) ?? 0 }
}
