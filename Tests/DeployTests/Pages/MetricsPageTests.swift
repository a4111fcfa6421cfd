import Foundation
import Telemetry
import Testing

@Suite struct MetricsPageTests {
    private static let catalogue = "Sources/Telemetry/Metrics/Metric+catalogue.swift"
    private static let brokers = "Sources/Telemetry/Metrics/Metric+broker.swift"
    private static let contracts = "Sources/Telemetry/Metrics/Metric+contracts.swift"
    private static let registries = "Sources/Telemetry/Metrics/Metric+registry.swift"

    @Test func thePageIsTheCatalogue() throws {
        let filled = try Self.filled()
        let labels = DocumentedCases(try Repository.text("Sources/Telemetry/Metrics/Metric.swift"), of: "MetricLabel")
        #expect(labels.cases.map(\.rawValue) == MetricLabel.allCases.map(\.rawValue))
        let unfilled = Metric.all.filter { !filled.contains($0.name) }
        try GeneratedPage(
            "docs/metrics.md",
            title: "Metrics",
            """
            A worker serves these at `GET /metrics` of its `http` address, in Prometheus' text format. Histograms have the \
            usual `_bucket`, `_sum` and `_count`. A series appears with its first value. Alerts are conditions in PromQL; the \
            accounting identity is `busbar_consumed_total` = the sum of `busbar_records_total` + `busbar_in_flight`, and \
            `busbar_accounting_residue` is what it leaves over.
            """,
            [
                Self.table(Metric.all.filter { filled.contains($0.name) }),
                "## Contracts of a registry\n\n"
                    + "A worker whose `busbar.yaml` names a `registry` serves these, too.\n\n"
                    + Self.table(Metric.ofContracts),
                "## The embedded log\n\n"
                    + "`busbar-broker` serves these on its `http` address; a worker with `brokers: embedded` on its own.\n\n"
                    + Self.table(Metric.ofBroker),
                "## The schema registry\n\n"
                    + "`busbar-registry` serves these at `GET /metrics` beside its API.\n\n"
                    + Self.table(Metric.ofRegistry),
                "## Labels\n\n"
                    + GeneratedPage.table(["label", "value"], labels.cases.map { ["`\($0.rawValue)`", $0.meaning] }),
                "## Declared, and not served yet\n\n"
                    + "The names are taken; no part of this version gives them a value.\n\n" + Self.table(unfilled),
            ]
        ).check()
    }

    @Test func everyMetricOfTheCatalogueIsInItsList() throws {
        let declared = try Self.declarations().map(\.metric)
        #expect(Set(declared) == Set(Metric.all.map(\.name)))
        #expect(declared.count == Metric.all.count)
        let ofContracts = try Self.declarations(in: Self.contracts).map(\.metric)
        #expect(Set(ofContracts) == Set(Metric.ofContracts.map(\.name)))
        #expect(ofContracts.count == Metric.ofContracts.count)
        let ofBroker = try Self.declarations(in: Self.brokers).map(\.metric)
        #expect(Set(ofBroker) == Set(Metric.ofBroker.map(\.name)) && ofBroker.count == Metric.ofBroker.count)
        let ofRegistry = try Self.declarations(in: Self.registries).map(\.metric)
        #expect(Set(ofRegistry) == Set(Metric.ofRegistry.map(\.name)) && ofRegistry.count == Metric.ofRegistry.count)
    }

    private static func table(_ metrics: [Metric]) -> String {
        GeneratedPage.table(
            ["name", "kind", "labels", "meaning", "alert"],
            metrics.map { metric in
                [
                    "`\(metric.name)`", metric.kind.rawValue, metric.labels.map(\.rawValue).joined(separator: ", "),
                    metric.help, metric.alert,
                ]
            }
        )
    }

    /// The constants of the catalogue and the names of their metrics.
    private static func declarations(in file: String = catalogue) throws -> [(constant: String, metric: String)] {
        let pattern = /static let (\w+) = Metric\(\s*"([a-z_]+)"/
        return try Repository.text(file).matches(of: pattern).map { (String($0.1), String($0.2)) }
    }

    /// The names of metrics that some part of the code gives a value.
    private static func filled() throws -> Set<String> {
        let names = Dictionary(uniqueKeysWithValues: try declarations().map { ($0.constant, $0.metric) })
        let use = /(?:counter|gauge|histogram|setState)\(\s*\.(\w+)|Family\(metric: \.(\w+)/
        var filled: Set<String> = []
        for file in try Repository.swiftFiles(in: "Sources") where file != catalogue {
            for match in try Repository.text(file).matches(of: use) {
                if let name = names[String(match.1 ?? match.2 ?? "")] { filled.insert(name) }
            }
        }
        return filled
    }
}
