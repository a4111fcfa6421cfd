import Foundation
import JSON
import Log
import Registry
import Testing

/// What is stored, byte for byte, and what other registries have stored.
@Suite struct RecordTests {
    @Test(.timeLimit(.minutes(1))) func keysAndValuesAreConfluents() async throws {
        let log = InMemoryLog()
        try await RunningRegistry.with(TopicStorage.open(log)) { registry async throws in
            _ = try await registry.put("/config", #"{"compatibility":"FULL"}"#)
            _ = try await registry.register("s", "{}")
            _ = try await registry.delete("/subjects/s")
            _ = try await registry.delete("/subjects/s?permanent=true")
        }
        let records = log.records(in: TopicName("_schemas")).map { record in
            "\(Self.text(record.key)) \(record.value.map { Self.text($0) } ?? "null")"
        }
        #expect(
            records == [
                #"{"keytype":"CONFIG","subject":null,"magic":0} {"subject":null,"compatibilityLevel":"FULL"}"#,
                #"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1} "#
                    + #"{"subject":"s","version":1,"id":1,"md5":"mZFLkyvTelC5g8XnyQrpOw==","schemaType":"JSON","#
                    + #""references":[],"metadata":null,"ruleSet":null,"schema":"{}","deleted":false}"#,
                #"{"keytype":"DELETE_SUBJECT","subject":"s","magic":0} {"subject":"s","version":1}"#,
                #"{"keytype":"BUSBAR_HIGHEST_ID","context":".","magic":0} {"id":1}"#,
                #"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1} null"#,
                #"{"keytype":"DELETE_SUBJECT","subject":"s","magic":0} null"#,
            ]
        )
    }

    /// Confluent's, Karapace's (another order of members, magic 0), what neither would write, and Avro.
    private static let foreign = [
        (#"{"keytype":"NOOP","magic":0}"#, nil),
        (#"{"magic":0,"keytype":"CONFIG","subject":null}"#, #"{"compatibilityLevel":"NONE"}"#),
        (
            #"{"keytype":"SCHEMA","subject":"avro-value","version":1,"magic":1}"#,
            #"{"subject":"avro-value","version":1,"id":3,"schema":"{\"type\": \"string\"}","deleted":false,"later":[1]}"#
        ),
        (
            #"{"subject":"k","version":1,"magic":0,"keytype":"SCHEMA"}"#,
            #"{"subject":"k","version":1,"id":7,"schema":"{}","schemaType":"JSON","deleted":false}"#
        ),
        ("not json", "{}"),
        (#"{"keytype":"SCHEMA","subject":"bad","version":1,"magic":1}"#, #"{"schema":1}"#),
    ]

    private static func dump() async throws -> InMemoryLog {
        let log = InMemoryLog()
        let settings = ["cleanup.policy": "compact"]
        try await log.createTopics([TopicSpecification("_schemas", partitions: 1, settings: settings)])
        var batch = ProduceBatch()
        for (key, value) in foreign {
            batch.append(topic: "_schemas", partition: 0, key: Array(key.utf8), value: value.map { Array($0.utf8) })
        }
        let producer = try await log.producer(ProducerConfiguration())
        for result in try await producer.send(batch) { #expect(result.acknowledgement != nil) }
        return log
    }

    @Test(.timeLimit(.minutes(1))) func whatAnotherRegistryHasStoredIsTakenOver() async throws {
        try await RunningRegistry.with(TopicStorage.open(Self.dump())) { registry async throws in
            #expect(try await registry.get("/subjects").text == #"["avro-value","k"]"#)
            #expect(try await registry.get("/config").text == #"{"compatibilityLevel":"NONE"}"#)
            let avro = try await registry.get("/subjects/avro-value/versions/1").json
            #expect(avro["schema"] == #"{"type": "string"}"#)
            #expect(avro["schemaType"] == nil)
            let known = #"{"schema":"{\"type\": \"string\"}"}"#
            #expect(try await registry.send("POST", "/subjects/avro-value", known).json["id"] == 3)
            #expect(try await registry.send("POST", "/subjects/avro-value/versions", known).json["id"] == 3)
            let new = try await registry.send("POST", "/subjects/avro-value/versions", #"{"schema":"\"int\""}"#)
            #expect(new.code == 42201)
            #expect(new.message.contains("Avro"))
            #expect(try await registry.register("new", "true") == 8)
            let metrics = try await registry.get("/metrics").text
            #expect(metrics.contains("\nbusbar_registry_ignored_records 3\n"))
        }
    }

    @Test(.timeLimit(.minutes(1))) func aDeletionReachesEveryFormOfTheKeyThatWasSeen() async throws {
        let log = try await Self.dump()
        try await RunningRegistry.with(TopicStorage.open(log)) { registry async throws in
            for path in ["/subjects/k", "/subjects/k?permanent=true"] {
                #expect(try await registry.delete(path).text == "[1]")
            }
            for path in ["/subjects/avro-value/versions/1"] { #expect(try await registry.delete(path).text == "1") }
        }
        // What a compacted topic would be left with.
        var latest: [String: String?] = [:]
        for record in log.records(in: TopicName("_schemas")) {
            latest[Self.text(record.key)] = .some(record.value.map { Self.text($0) })
        }
        #expect(latest[Self.foreign[3].0] == .some(nil))
        #expect(latest[#"{"keytype":"SCHEMA","subject":"k","version":1,"magic":1}"#] == .some(nil))
        let avro = try #require(latest[Self.foreign[2].0] ?? nil)
        #expect(avro.contains(#""schema":"{\"type\": \"string\"}","deleted":true,"later":[1]}"#))
        #expect(!avro.contains("schemaType"))
    }

    /// The same records make the same catalogue, also when the end of them comes twice.
    @Test func replayIsDeterministicAndRepeatable() {
        let records = Self.foreign.map { RegistryRecord(key: Array($0.0.utf8), value: $0.1.map { Array($0.utf8) }) }
        var (once, twice) = (SchemaCatalogue(), SchemaCatalogue())
        for record in records { once.apply(record) }
        for record in records + records.suffix(3) { twice.apply(record) }
        #expect(once.counts == twice.counts)
        #expect(once.counts == (2, 2))
        #expect(once.ignoredRecords == 3)
    }

    private static func text(_ bytes: [UInt8]?) -> String { bytes.map { String(decoding: $0, as: UTF8.self) } ?? "-" }
}
