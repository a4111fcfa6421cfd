import Contracts
import Foundation
import JSON
import Testing
import Traffic

@testable import SchemaCheck

/// What a topic's records add to a check.
@Suite(.timeLimit(.minutes(1))) struct TrafficFindingTests {
    private static let v1 = #"{"$id":"x","$schema":"http://json-schema.org/draft-07/schema#"}"#
    private static let v2 = """
        {
          "$id": "x",
          "$schema": "http://json-schema.org/draft-07/schema#",
          "properties": {
            "id": { "type": "integer", "minimum": 0, "maximum": 9 }
          }
        }
        """
    private static let subject = TopicSubject(folder: "schemas", name: "orders")

    private static func check(_ v2: String = Self.v2) async -> CheckReport {
        await CheckInput.check(
            ["orders/v1.json": Self.v1, "orders/v2.json": v2, "same/v1.json": "true"],
            released: ["orders/v1.json": Self.v1, "same/v1.json": "true"]
        ) { $0.level = CompatibilityLevel.none }
    }

    /// The check with what its newest version says of these records.
    private static func report(
        _ values: [String?],
        encoding: RecordEncoding = .json
    ) async throws -> CheckReport {
        var report = await check()
        let newest = try #require(report.changes(of: subject)?.newest)
        report.add(try await TopicInMemory.report(on: newest.contract, of: values, encoding: encoding), of: subject)
        return report
    }

    @Test func recordsThatAreRefusedAreShownWhereTheSchemaRefusesThem() async throws {
        let report = try await Self.report(
            [#"{"id":1}"#, #"{"id":"x"}"#] + Array(repeating: #"{"id":12}"#, count: 6) + [nil]
        )
        #expect(
            TextReport(report).text == """
                schemas/orders  new: v2   level none, policy sound
                  ERROR    RECORDS_REJECTED  #/properties/id/maximum  schemas/orders/v2.json:5:57
                           v2 refuses 6 of 9 records of orders
                           orders/0@2  /id  /id is greater than 9
                           orders/0@3  /id  /id is greater than 9
                           orders/0@4  /id  /id is greater than 9
                           orders/0@5  /id  /id is greater than 9
                           orders/0@6  /id  /id is greater than 9
                           and 1 more
                           fix: Let v2 accept them, or have the writers changed first and release it when the topic no longer \
                holds such records.
                  ERROR    RECORDS_REJECTED  #/properties/id/type  schemas/orders/v2.json:5:21
                           v2 refuses 1 of 9 records of orders
                           orders/0@1  /id  /id is a string, the contract asks for an integer
                           fix: Let v2 accept them, or have the writers changed first and release it when the topic no longer \
                holds such records.

                """
        )
        #expect(report.errors == 2)
    }

    @Test func whatTheVersionBeforeRefusesTooIsSaid() async throws {
        let v1 = #"{"properties":{"id":{"maximum":9}}}"#
        let v2 = #"{"properties":{"id":{"maximum":5}}}"#
        func message(_ values: [String?]) async throws -> String? {
            var report = await CheckInput.check(
                ["orders/v1.json": v1, "orders/v2.json": v2],
                released: ["orders/v1.json": v1]
            )
            let changes = try #require(report.changes(of: Self.subject))
            let (newest, previous) = (try #require(changes.newest), try #require(changes.previous))
            let traffic = try await TopicInMemory.report(on: newest.contract, after: previous.contract, of: values)
            report.add(traffic, of: Self.subject)
            return report.findings.first { $0.rule == "RECORDS_REJECTED" }?.message
        }
        #expect(
            try await message([#"{"id":7}"#, #"{"id":10}"#])
                == "v2 refuses 2 of 2 records of orders; v1 refuses 1 of them too"
        )
        #expect(try await message([#"{"id":10}"#]) == "v2 refuses 1 of 1 records of orders; v1 refuses them too")
        #expect(try await message([#"{"id":7}"#]) == "v2 refuses 1 of 1 records of orders")
    }

    @Test func recordsThatAllObeyAddNothing() async throws {
        let report = try await Self.report([#"{"id":1}"#, nil])
        #expect(report.findings.isEmpty)
        #expect(report.subjects.map(\.name) == ["orders"])
        #expect(try await Self.report([]).findings.isEmpty)
    }

    @Test func recordsThatAreNotJSONAreAWarningWhileOthersAre() async throws {
        let some = try await Self.report([#"{"id":1}"#, "x"])
        #expect(some.warningPlaces == ["RECORDS_UNREADABLE orders v2 schemas/orders/v2.json"])
        #expect(some.findings[0].message == "1 of 2 records of orders are not JSON")
        #expect(some.errors == 0)
        let none = try await Self.report(["x", nil])
        #expect(none.errorPlaces == ["RECORDS_UNREADABLE orders v2 schemas/orders/v2.json"])
    }

    @Test func aTopicThatIsReadByTheWrongEncodingIsNotTakenForAGoodOne() async throws {
        let prefixed = try await Self.report(["\u{0}\u{0}\u{0}\u{0}\u{7}{\"id\":1}"])
        #expect(prefixed.errors == 1)
        #expect(
            prefixed.findings[0].advice == [
                "1 of them start with byte 0, as Confluent's serializers write them: say --encoding confluent-json."
            ]
        )
        let bare = try await Self.report([#"{"id":1}"#], encoding: .confluentJSON)
        #expect(bare.findings.map(\.message) == ["1 of 1 records of orders do not start with byte 0 and a schema's id"])
        #expect(bare.errors == 1)
    }

    @Test func aKeywordOfAnotherDocumentIsNamed() async throws {
        var report = await CheckInput.check(
            ["orders/v1.json": #"{"$ref":"../same/v1.json"}"#, "same/v1.json": #"{"type":"string"}"#]
        )
        let newest = try #require(report.changes(of: Self.subject)?.newest)
        report.add(try await TopicInMemory.report(on: newest.contract, of: ["1"]), of: Self.subject)
        let finding = try #require(report.findings.first { $0.rule == "RECORDS_REJECTED" })
        #expect(finding.message.hasPrefix("v1 refuses 1 of 1 records of orders by "))
        #expect(finding.message.hasSuffix("same/v1.json#/type"))
        #expect(finding.place == .init("schemas/orders/v1.json"))
    }

    @Test func thereIsNothingToHoldRecordsAgainstWithoutANewVersion() async throws {
        let report = await Self.check(#"{"type":12}"#)
        #expect(report.changes(of: Self.subject)?.newest == nil)
        #expect(report.changes(of: TopicSubject(folder: "schemas", name: "same")) == nil)
    }

    // MARK: The other formats

    @Test func aLineOfJSONHasTheRecords() async throws {
        let report = try await Self.report([#"{"id":1}"#, "{\"id\":12}"])
        let finding = try JSON(parsing: try #require(JSONReport(report).lines.first))
        #expect(finding["rule"] == "RECORDS_REJECTED")
        #expect(finding["version"] == 2)
        #expect(finding["pointer"] == "/properties/id/maximum")
        #expect(finding["line"] == 5)
        #expect(finding["topic"] == "orders")
        #expect(finding["records"] == 1)
        #expect(finding["of"] == 2)
        #expect(
            finding["examples"] == [
                ["partition": 0, "offset": 1, "instance": "/id", "message": "/id is greater than 9"]
            ]
        )
    }

    @Test func anAnnotationAndATestCaseHaveTheFirstRecords() async throws {
        let report = try await Self.report([#"{"id":12}"#])
        #expect(
            GitHubReport(report).lines == [
                "::error file=schemas/orders/v2.json,line=5,col=57,title=RECORDS_REJECTED orders v2::v2 refuses 1 of 1 "
                    + "records of orders%0Aorders/0@0  /id  /id is greater than 9%0Afix: Let v2 accept them, or have the "
                    + "writers changed first and release it when the topic no longer holds such records."
            ]
        )
        let xml = JUnitReport(report).text
        #expect(xml.contains(#"<failure type="RECORDS_REJECTED" message="RECORDS_REJECTED: v2 refuses 1 of 1 records"#))
        #expect(xml.contains("&#10;orders/0@0  /id  /id is greater than 9&#10;"))
    }

    @Test func aSARIFResultHasTheRecords() async throws {
        let text = SARIFReport(try await Self.report([#"{"id":12}"#]), version: "1").text
        let run = try #require(try JSON(parsing: text)["runs"]?[0])
        let result = try #require(run["results"]?[0])
        #expect(result["properties"]?["records"] == 1)
        #expect(result["properties"]?["topic"] == "orders")
        #expect(result["properties"]?["examples"]?[0]?["offset"] == 0)
        let rule = run["tool"]?["driver"]?["rules"]?[0]
        #expect(
            rule?["shortDescription"]?["text"] == "The newest version refuses records that are in a topic."
        )
        let schema = try Contract(compiling: [UInt8](Data(contentsOf: SARIFSchema.file)), formats: .assertion)
        let document = try JSONDocument(Array(text.utf8))
        #expect(document.withRoot { schema.violations(of: $0) } == [])
    }
}
