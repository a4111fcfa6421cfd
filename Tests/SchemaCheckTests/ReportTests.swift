import Contracts
import Foundation
import JSON
import SchemaCheck
import TestFiles
import Testing

@Suite(.timeLimit(.minutes(1))) struct ReportTests {
    private static let v1 = #"{"$id":"x","$schema":"http://json-schema.org/draft-07/schema#","type":["string","null"]}"#
    private static let v2 = """
        {
          "$id": "x",
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "string"
        }
        """

    /// Two errors, one with all that a finding may have, and a warning.
    private static func report() async -> CheckReport {
        await CheckInput.check(
            [
                "orders/v1.json": Self.v1, "orders/v2.json": Self.v2, "100%, new/v1.json": Self.v1,
                "plain/v1.json": Self.v1, "same/v1.json": "true",
                "plain/subject.yaml": "owner: a\ncompatibility: none\n",
            ],
            released: [
                "orders/v1.json": Self.v1, "plain/v1.json": Self.v1, "same/v1.json": "true",
                "plain/subject.yaml": "owner: a\n",
            ]
        )
    }

    @Test func theTextIsForPeople() async {
        let report = await Self.report()
        #expect(
            TextReport(report).text == """
                schemas/100%, new  new: v1   level backward, policy sound
                  ERROR    SUBJECT_INVALID  schemas/100%, new
                           '100%, new' is no subject: 1 to 249 letters, digits, '.', '_' and '-', not starting with '.'
                  ERROR    SCHEMA_INVALID  schemas/100%, new/v1.json
                           '100%, new' is no subject: 1 to 249 letters, digits, '.', '_' and '-', not starting with '.'

                schemas/orders  new: v2   level backward, policy sound
                  ERROR    TYPE_NARROWED  #/type  schemas/orders/v2.json:4:11
                           old: ["string","null"]   new: "string"
                           data that breaks: null
                                             valid under v1; refused by v2: the document is null, the contract asks for a string
                           fix: Accept both: an anyOf of the old and the new schema.
                                Add a property of another name with the new type.
                                Level forward allows it, if the writers can be changed first.
                                Start a new subject, or a new major version in a compatibility group of its own, and \
                move the readers over.

                schemas/plain   level none, policy sound
                  WARNING  LEVEL_LOWERED  schemas/plain/subject.yaml
                           the level was backward and is none, which promises less; versions of this change are \
                compared under it
                           fix: Lower the level in a change of its own, which those who read the subject agree to.

                """
        )
        #expect(report.summary == "3 errors, 1 warning in 3 of 4 subjects; 3 changed against before")
        let painted = TextReport(report) { ink, text in ink == .error ? "<\(text)>" : text }
        #expect(painted.text.contains("\n  <ERROR  >  TYPE_NARROWED"))
    }

    @Test func eachFindingIsALineOfJSON() async throws {
        let lines = JSONReport(await Self.report()).lines
        #expect(lines.count == 4)
        let finding = try JSON(parsing: lines[2])
        #expect(finding["v"] == 1)
        #expect(finding["rule"] == "TYPE_NARROWED")
        #expect(finding["severity"] == "error")
        #expect(finding["subject"] == "orders")
        #expect(finding["version"] == 2)
        #expect(finding["file"] == "schemas/orders/v2.json")
        #expect(finding["pointer"] == "/type")
        #expect(finding["line"] == 4)
        #expect(finding["column"] == 11)
        #expect(finding["against"] == [1])
        #expect(finding["direction"] == "backward")
        #expect(finding["level"] == "backward")
        #expect(finding["policy"] == "sound")
        #expect(finding["path"] == "#/type")
        #expect(finding["old_pointer"] == "/type")
        #expect(finding["old"] == ["string", "null"])
        #expect(finding["new"] == "string")
        #expect(finding["counterexample"] == .null)
        #expect(finding["refusal"] == "the document is null, the contract asks for a string")
        #expect(finding["fingerprint"] == "TYPE_NARROWED|orders|v2|backward|schemas/orders/v2.json|/type")
        #expect(finding["advice"]?.elements?.count == 4)
        // A counterexample that is null cannot be told from none, but only with a comparison is there the member.
        #expect(finding.members?.contains { $0.0 == "counterexample" } == true)
        #expect(try JSON(parsing: lines[0]).members?.contains { $0.0 == "counterexample" } == false)
        #expect(try JSON(parsing: lines[0])["line"] == .null)
    }

    @Test func annotationsAreEscapedAsWorkflowCommandsAre() async {
        let lines = GitHubReport(await Self.report()).lines
        #expect(
            lines[0] == """
                ::error file=schemas/100%25%2C new,title=SUBJECT_INVALID 100%25%2C new::'100%25, new' is no subject: 1 to \
                249 letters, digits, '.', '_' and '-', not starting with '.'
                """
        )
        #expect(
            lines[2] == """
                ::error file=schemas/orders/v2.json,line=4,col=11,title=TYPE_NARROWED orders v2::null is valid under v1 \
                and refused by v2: the document is null, the contract asks for a string%0Aold: ["string","null"], new: "string"%0A\
                fix: Accept both: an anyOf of the old and the new schema.
                """
        )
        #expect(lines[3].hasPrefix("::warning file=schemas/plain/subject.yaml,title=LEVEL_LOWERED plain::"))
        #expect(lines.allSatisfy { !$0.contains("\n") })
    }

    @Test func aJUnitFileHasACaseForEachSubject() async {
        let xml = JUnitReport(await Self.report()).text
        #expect(
            xml.hasPrefix(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="busbar schema check" tests="3" failures="2" errors="0" skipped="0">
                  <testsuite name="busbar schema check" tests="3" failures="2" errors="0" skipped="0">
                    <testcase classname="schemas" name="100%, new">

                """
            )
        )
        #expect(
            xml.contains(
                """
                    <testcase classname="schemas" name="orders">
                      <failure type="TYPE_NARROWED" message="TYPE_NARROWED: null is valid under v1 and refused by v2: the \
                document is null, the contract asks for a string">schemas/orders/v2.json:4:11: error: TYPE_NARROWED: null is valid under v1 and refused \
                by v2: the document is null, the contract asks for a string&#10;old: [&quot;string&quot;,&quot;null&quot;], new: \
                &quot;string&quot;&#10;fix: Accept both: an anyOf of the old and the new schema.</failure>
                    </testcase>

                """
            )
        )
        #expect(xml.contains("and 1 more\">"))
        #expect(xml.contains("      <system-out>schemas/plain/subject.yaml: warning: LEVEL_LOWERED: "))
        #expect(xml.hasSuffix("    </testcase>\n  </testsuite>\n</testsuites>\n"))
    }

    @Test func charactersThatXMLDoesNotHaveAreReplaced() async {
        let report = await CheckInput.check(["o/v1.json": #"{"type":"a\u0001<b>&"}"#])
        let xml = JUnitReport(report).text
        #expect(!xml.unicodeScalars.contains("\u{1}"))
        #expect(!xml.contains("<b>"))
    }

    @Test func theSameFindingHasTheSameFingerprintThoughLinesMove() async {
        func fingerprints(_ v2: String) async -> [String] {
            await CheckInput.check(["o/v1.json": Self.v1, "o/v2.json": v2], released: ["o/v1.json": Self.v1])
                .findings.map(\.fingerprint)
        }
        #expect(await fingerprints(Self.v2) == fingerprints("\n\n" + Self.v2))
        #expect(await fingerprints(Self.v2).count == 1)
    }

    // MARK: SARIF

    @Test func aSARIFLogHasRulesAndResultsWithTheirPlaces() async throws {
        let log = try JSON(parsing: SARIFReport(await Self.report(), version: "1.2.3").text)
        #expect(log["version"] == "2.1.0")
        let run = try #require(log["runs"]?[0])
        let driver = try #require(run["tool"]?["driver"])
        #expect(driver["name"] == "busbar")
        #expect(driver["version"] == "1.2.3")
        let rules = driver["rules"]?.elements?.compactMap { $0["id"]?.string }
        #expect(rules == ["LEVEL_LOWERED", "SCHEMA_INVALID", "SUBJECT_INVALID", "TYPE_NARROWED"])
        let results = try #require(run["results"]?.elements)
        for result in results {
            let index = try #require(result["ruleIndex"]?.number?.int64)
            #expect(result["ruleId"]?.string == rules?[Int(index)])
        }
        let place = try #require(results[2]["locations"]?[0]?["physicalLocation"])
        #expect(place["artifactLocation"]?["uri"] == "schemas/orders/v2.json")
        #expect(place["region"] == ["startLine": 4, "startColumn": 11])
        #expect(results[2]["locations"]?[0]?["logicalLocations"]?[0]?["fullyQualifiedName"] == "/type")
        #expect(results.map { $0["level"] } == ["error", "error", "error", "warning"])
        let first = results[0]["locations"]?[0]?["physicalLocation"]
        #expect(first?["artifactLocation"]?["uri"] == "schemas/100%25,%20new")
        #expect(first?["region"] == nil)
    }

    @Test func aSARIFLogObeysTheSchemaOfOASIS() async throws {
        let schema = try Contract(compiling: [UInt8](Data(contentsOf: SARIFSchema.file)), formats: .assertion)
        let empty = await CheckInput.check([:])
        for report in [await Self.report(), empty] {
            let document = try JSONDocument(Array(SARIFReport(report, version: "1.2.3").text.utf8))
            #expect(document.withRoot { schema.violations(of: $0) } == [])
        }
        // The schema can refuse.
        let wrong = try JSONDocument(Array(#"{"version":"2.1.0","runs":[{"results":[]}]}"#.utf8))
        #expect(!wrong.withRoot { schema.violations(of: $0) }.isEmpty)
    }
}

/// The schema that OASIS publishes with the standard.
enum SARIFSchema {
    static let file = SharedFiles.packageRoot.appending(path: "Tests/SARIF/sarif-schema-2.1.0.json")
}
