import Contracts
import Log
import Testing
import Traffic

@Suite(.timeLimit(.minutes(2))) struct TrafficCheckTests {
    private static let schema = """
        {"type":"object","properties":{"id":{"type":"integer"},"at":{"format":"date"}},"required":["id"]}
        """

    private func report(
        on topic: FilledTopic,
        _ encoding: RecordEncoding = .json,
        formats: FormatHandling = .annotation,
        last: Int = 1_000
    ) async throws -> TrafficReport {
        let contract = try Contract(compiling: Array(Self.schema.utf8), formats: formats)
        let partitions = try await topic.log.partitions(of: topic.topic)
        return try await TrafficCheck(contract, encoding: encoding)
            .run(over: TopicSample(topic: topic.topic, last: last), of: topic.log, partitions: partitions)
    }

    @Test(arguments: LogKind.allCases)
    func whatTheContractRefusesIsCountedByKeywordWithItsFirstRecords(kind: LogKind) async throws {
        try await kind.with(partitions: 2) { topic in
            try await topic.add([#"{"id":1}"#, #"{"id":"1"}"#, #"{"id":null}"#], to: 0)
            try await topic.add([#"{"id":"1"}"#, "{}", #"{"id":2}"#], to: 1)
            let report = try await report(on: topic)
            #expect(report.records == 6)
            #expect(report.rejected == 4)
            #expect(!report.isClean)
            #expect(report.rankedGroups.map(\.keyword) == ["/properties/id/type", "/required"])
            let type = try #require(report.groups["/properties/id/type"])
            #expect(type.records == 3)
            #expect(type.examples.map(\.partition) == [0, 0, 1])
            #expect(type.examples.map(\.offset) == [1, 2, 0])
            #expect(type.examples.map(\.instance) == ["/id", "/id", "/id"])
            #expect(type.examples[0].message == "/id is a string, the contract asks for an integer")
            let required = try #require(report.groups["/required"])
            #expect(required.records == 1)
            #expect(required.examples.map(\.instance) == [""])
            #expect(report.parts.map(\.records) == [3, 3])
        }
    }

    @Test func whatTheVersionInUseRefusesTooIsCountedApart() async throws {
        try await LogKind.memory.with { topic in
            let contract = try Contract(compiling: Array(Self.schema.utf8))
            let before = try Contract(compiling: Array(#"{"required":["id"]}"#.utf8))
            try await topic.add([#"{"id":"a"}"#, "{}", "{}", #"{"id":1}"#, "1"])
            let report = try await TrafficCheck(contract, after: before)
                .run(over: TopicSample(topic: topic.topic, last: 9), of: topic.log, partitions: [0])
            #expect(report.rejected == 4)
            #expect(report.rejectedBefore == 2)
            #expect(report.groups["/required"]?.rejectedBefore == 2)
            #expect(report.groups["/properties/id/type"]?.rejectedBefore == 0)
            #expect(
                report.summary(of: "c")
                    == "4 of 5 records of t would be rejected by c; 2 of them by the version before too"
            )
        }
    }

    @Test func aRecordWithTheSameFaultTwiceIsOneRecord() async throws {
        try await LogKind.memory.with { topic in
            let contract = try Contract(compiling: Array(#"{"items":{"type":"integer"}}"#.utf8))
            try await topic.add([#"["a","b"]"#])
            let report = try await TrafficCheck(contract)
                .run(over: TopicSample(topic: topic.topic, last: 1), of: topic.log, partitions: [0])
            #expect(report.groups["/items/type"]?.records == 1)
            #expect(report.groups["/items/type"]?.examples.map(\.instance) == ["/0"])
        }
    }

    @Test func theFirstRecordsOfAGroupAreKept() async throws {
        try await LogKind.memory.with { topic in
            try await topic.add(Array(repeating: "{}", count: 30))
            let report = try await report(on: topic)
            #expect(report.groups["/required"]?.records == 30)
            #expect(report.groups["/required"]?.examples.map(\.offset) == [0, 1, 2, 3, 4])
        }
    }

    /// The sample reads the end first, and what makes up for the offsets without records after it.
    @Test func theFirstRecordsAreThoseWithTheLowestOffsetsInWhateverOrderTheyAreRead() async throws {
        try await LogKind.memory.with { topic in
            try await topic.add(Array(repeating: "{}", count: 8))
            try await topic.add(["{}", "{}", "{}"], transaction: "a") { try await $0.abortTransaction() }
            let report = try await report(on: topic, last: 7)
            #expect(report.records == 7)
            #expect(report.groups["/required"]?.examples.map(\.offset) == [1, 2, 3, 4, 5])
        }
    }

    @Test func tombstonesAndWhatIsNotJSONAreNamedApart() async throws {
        try await LogKind.memory.with { topic in
            try await topic.add([nil, #"{"id":1}"#, "no json", ""])
            let clean = try await report(on: topic, last: 4)
            #expect(clean.records == 4)
            #expect(clean.tombstones == 1)
            #expect(clean.rejected == 0)
            #expect(clean.notJSON.records == 2)
            #expect(clean.notJSON.examples.map(\.offset) == [2, 3])
            #expect(clean.looksPrefixed == 0)
            #expect(!clean.isClean)
        }
        try await LogKind.memory.with { topic in
            try await topic.add([nil, #"{"id":1}"#])
            #expect(try await report(on: topic).isClean)
        }
    }

    @Test func aPrefixIsTakenOffWhereTheEncodingSaysSoAndRecognisedWhereItDoesNot() async throws {
        let prefix: [UInt8] = [0, 0, 0, 1, 2]
        try await LogKind.memory.with { topic in
            try await topic.add([prefix + Array(#"{"id":1}"#.utf8), prefix + Array("{}".utf8), Array("{}".utf8)])
            let plain = try await report(on: topic)
            #expect(plain.notJSON.records == 2)
            #expect(plain.looksPrefixed == 2)
            #expect(plain.rejected == 1)
            let prefixed = try await report(on: topic, .confluentJSON)
            #expect(prefixed.rejected == 1)
            #expect(prefixed.groups["/required"]?.examples.map(\.offset) == [1])
            #expect(prefixed.unprefixed.records == 1)
            #expect(prefixed.unprefixed.examples.map(\.offset) == [2])
            #expect(prefixed.notJSON.records == 0)
            #expect(prefixed.schemaIDs == [258: 2])
        }
    }

    @Test func aRecordWhoseHeaderHasTheIDCarriesTheTextAlone() async throws {
        try await LogKind.memory.with { topic in
            let header = Header(RecordEncoding.schemaIDHeader, [UInt8](repeating: 1, count: 17))
            try await topic.add([#"{"id":1}"#], headers: [header])
            #expect(try await report(on: topic, .confluentJSON).isClean)
        }
    }

    @Test(arguments: [[0], [0, 0, 0, 1], [1, 0, 0, 0, 1, 0x7B, 0x7D]] as [[UInt8]])
    func whatIsTooShortOrBeginsOtherwiseHasNoPrefix(value: [UInt8]) async throws {
        try await LogKind.memory.with { topic in
            try await topic.add([value])
            #expect(try await report(on: topic, .confluentJSON).unprefixed.records == 1)
        }
    }

    @Test func formatsCountWhereTheContractAssertsThem() async throws {
        try await LogKind.memory.with { topic in
            try await topic.add([#"{"id":1,"at":"soon"}"#])
            #expect(try await report(on: topic).isClean)
            #expect(try await report(on: topic, formats: .assertion).groups.keys.sorted() == ["/properties/at/format"])
        }
    }
}
