import Telemetry
import Testing

@Suite struct MetricsTests {
    @Test func declarationsFollowTheNamingRules() {
        #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
        for metric in Metric.all {
            #expect(metric.name.wholeMatch(of: /busbar_[a-z0-9]+(_[a-z0-9]+)*/) != nil, "\(metric.name)")
            #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "\(metric.name)")
            #expect(metric.help.hasSuffix(".") && !metric.alert.isEmpty, "\(metric.name)")
            #expect(Set(metric.labels).count == metric.labels.count, "\(metric.name)")
            #expect(metric.buckets == metric.buckets.sorted(), "\(metric.name)")
            #expect(metric.buckets.isEmpty == (metric.kind != .histogram), "\(metric.name)")
            for unit in ["_ms", "_milliseconds", "_count", "_sum", "_bucket", "_kb"] {
                #expect(!metric.name.hasSuffix(unit), "\(metric.name)")
            }
        }
    }

    @Test func expositionIsExact() {
        let registry = MetricsRegistry()
        registry.counter(.records, [.connector: "b", .outcome: "delivered"]).add(3)
        registry.counter(.records, [.outcome: "filtered", .connector: "a"]).add()
        registry.counter(.rateLimitWaitSeconds, [.connector: "a"]).add(0.25)
        registry.gauge(.inFlight, [.connector: "say \"hi\"\\\n"]).set(-2)
        #expect(
            registry.exposition() == """
                # HELP busbar_in_flight Records consumed that have no outcome yet.
                # TYPE busbar_in_flight gauge
                busbar_in_flight{connector="say \\"hi\\"\\\\\\n"} -2
                # HELP busbar_rate_limit_wait_seconds_total Time deliveries waited for the connector's rate limit.
                # TYPE busbar_rate_limit_wait_seconds_total counter
                busbar_rate_limit_wait_seconds_total{connector="a"} 0.25
                # HELP busbar_records_total Records that got their final outcome.
                # TYPE busbar_records_total counter
                busbar_records_total{connector="a",outcome="filtered"} 1
                busbar_records_total{connector="b",outcome="delivered"} 3

                """
        )
    }

    @Test func bucketsAreCumulativeWithInclusiveBounds() throws {
        let registry = MetricsRegistry()
        let histogram = registry.histogram(.deliverySeconds, [.connector: "a"])
        histogram.observe([0.005, 0.0051, 1, 31, .nan])
        histogram.observe(.milliseconds(20))
        let parsed = try PrometheusParser(registry.exposition())
        func bucket(_ bound: String) -> Double? {
            parsed.value("busbar_delivery_seconds_bucket", ["connector": "a", "le": bound])
        }
        #expect(bucket("0.005") == 1)
        #expect(bucket("0.01") == 2)
        #expect(bucket("0.025") == 3)
        #expect(bucket("1") == 4)
        #expect(bucket("30") == 4)
        #expect(bucket("+Inf") == 5)
        #expect(parsed.value("busbar_delivery_seconds_count", ["connector": "a"]) == 5)
        let sum = try #require(parsed.value("busbar_delivery_seconds_sum", ["connector": "a"]))
        #expect(abs(sum - 32.0301) < 1e-9)
    }

    @Test func everyMetricCanBeReadByAStrictParserWhateverItsLabelsHold() throws {
        let registry = MetricsRegistry()
        let values = ["plain", "a\\b", "quo\"te", "line\nfeed", "é漢🚦", "", "{},=", "tab\t"]
        for metric in Metric.all {
            for value in metric.labels.isEmpty ? [""] : values {
                fill(registry, metric, value)
            }
        }
        let parsed = try PrometheusParser(registry.exposition())
        #expect(Set(parsed.types.keys) == Set(Metric.all.map(\.name)))
        for value in values {
            #expect(parsed.value("busbar_in_flight", ["connector": value]) == 1, "\(value)")
        }
    }

    /// One sample in the series whose first label has this value.
    private func fill(_ registry: MetricsRegistry, _ metric: Metric, _ value: String) {
        switch (metric.kind, metric.labels) {
        case (.counter, []): registry.counter(metric).add()
        case (.counter, let labels) where labels.count == 1: registry.counter(metric, [labels[0]: value]).add()
        case (.counter, let labels): registry.counter(metric, [labels[0]: value, labels[1]: "x"]).add()
        case (.histogram, let labels): registry.histogram(metric, [labels[0]: value]).observe(1)
        case (.gauge, let labels) where labels.count == 1: registry.gauge(metric, [labels[0]: value]).set(1)
        case (.gauge, let labels) where labels.count == 2:
            registry.gauge(metric, [labels[0]: value, labels[1]: "x"]).set(1)
        case (.gauge, let labels) where labels.count == 3:
            registry.gauge(metric, [labels[0]: value, labels[1]: "x", labels[2]: "y"]).set(1)
        case (.gauge, let labels):
            registry.gauge(metric, [labels[0]: value, labels[1]: "x", labels[2]: "y", labels[3]: "z"]).set(1)
        }
    }

    @Test func specialValuesAreWrittenAsScrapersReadThem() throws {
        let registry = MetricsRegistry()
        let expected: [(Double, String)] = [
            (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e300, "1e+300"), (1.5e-7, "1.5e-07"),
            (9_007_199_254_740_992, "9007199254740992"), (-0.5, "-0.5"), (0, "0"),
        ]
        for (value, text) in expected {
            registry.gauge(.inFlight, [.connector: "a"]).set(value)
            #expect(registry.exposition().hasSuffix("busbar_in_flight{connector=\"a\"} \(text)\n"))
        }
    }

    @Test func aRemovedConnectorLeavesNoSeriesAndOthersStay() throws {
        let registry = MetricsRegistry()
        let kept = registry.counter(.records, [.connector: "a", .outcome: "delivered"])
        kept.add()
        registry.histogram(.deliverySeconds, [.connector: "a"]).observe(1)
        registry.counter(.records, [.connector: "b", .outcome: "delivered"]).add()
        registry.gauge(.consumerLagMessages, [.group: "a", .topic: "t", .partition: "0"]).set(1)
        registry.remove(connector: "a")
        kept.add()
        let parsed = try PrometheusParser(registry.exposition())
        #expect(parsed.samples.map(\.name) == ["busbar_consumer_lag_messages", "busbar_records_total"])
        #expect(parsed.samples.last?.labels["connector"] == "b")
        registry.remove(.topic, "t")
        #expect(!registry.exposition().contains("lag"))
        #expect(registry.counter(.records, [.connector: "a", .outcome: "delivered"]).value == 0)
    }

    @Test func aStateSetHasExactlyOneOne() throws {
        let registry = MetricsRegistry()
        let states = ["starting", "running", "failed"]
        registry.setState(.connectorState, [.connector: "a"], to: "starting", of: states)
        registry.setState(.connectorState, [.connector: "a"], to: "failed", of: states)
        let parsed = try PrometheusParser(registry.exposition())
        let values = states.map { parsed.value("busbar_connector_state", ["connector": "a", "state": $0]) }
        #expect(values == [0, 0, 1])
    }

    @Test func seriesBeyondTheLimitAreCountedAndNotKept() throws {
        let registry = MetricsRegistry(seriesLimit: 2)
        for code in ["200", "201", "202", "203"] {
            registry.counter(.targetResponses, [.connector: "a", .code: code]).add()
        }
        let parsed = try PrometheusParser(registry.exposition())
        #expect(parsed.samples.count { $0.name == "busbar_target_responses_total" } == 2)
        #expect(parsed.value("busbar_metric_series_refused_total") == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func concurrentAddsAreAllCounted() async {
        let registry = MetricsRegistry()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let counter = registry.counter(.consumed, [.connector: "shared"])
                    let histogram = registry.histogram(.deliverySeconds, [.connector: "shared"])
                    for _ in 0..<5000 {
                        counter.add(2)
                        histogram.observe(0.5)
                        _ = registry.gauge(.inFlight, [.connector: "\(task)"])
                    }
                }
            }
        }
        #expect(registry.counter(.consumed, [.connector: "shared"]).value == 80_000)
        #expect(registry.exposition().contains("busbar_delivery_seconds_count{connector=\"shared\"} 40000\n"))
    }
}
