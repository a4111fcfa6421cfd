import Contracts
import JSON
import Testing

/// More schemas made to exhaust something, by size: each must end soon, with an error or a verdict.
@Suite(.timeLimit(.minutes(2))) struct HostileSchemaTests {
    private func failure(_ schema: String, resolver: SchemaResolver = .none) -> ContractError? {
        do throws(ContractError) {
            _ = try Contract(compiling: [UInt8](schema.utf8), resolver: resolver)
            return nil
        } catch {
            return error
        }
    }

    private func isValid(_ schema: String, _ instance: String) throws -> Bool {
        let contract = try Contract(compiling: [UInt8](schema.utf8))
        return try JSONParser().withDocument(instance) { contract.isValid($0, using: ValidationScratch()) }
    }

    @Test func aSchemaOfFiveMegabytesWorks() throws {
        let members = (0..<36_000).map {
            #""member\#($0)":{"type":"string","maxLength":\#($0),"description":"\#(Self.filler)"}"#
        }
        let schema = #"{"properties":{"# + members.joined(separator: ",") + "}}"
        #expect(schema.utf8.count > 5_000_000)
        let contract = try Contract(compiling: [UInt8](schema.utf8))
        for (instance, expected) in [(#"{"member7":"seven"}"#, true), (#"{"member7":"more than seven"}"#, false)] {
            try JSONParser().withDocument(instance) { root in
                #expect(contract.isValid(root, using: ValidationScratch()) == expected)
            }
        }
    }

    private static let filler = String(repeating: "x", count: 80)

    @Test func namesThatMultiplyOnTheWayDownAreRefused() {
        let name = String(repeating: "n", count: 4_000_000)
        let leaves = (0..<50_000).map { #""\#($0)":{}"# }.joined(separator: ",")
        let wide = #"{"properties":{"\#(name)":{"properties":{\#(leaves)}}}}"#
        #expect(failure(wide)?.code == .tooLarge)
        let step = #"{"properties":{"\#(String(repeating: "n", count: 10_000))":"#
        let deep = String(repeating: step, count: 250) + "{}" + String(repeating: "}}", count: 250)
        #expect(failure(deep)?.code == .tooLarge)
    }

    @Test func namesOfResourcesAndAnchorsThatMultiplyAreRefused() {
        let long = String(repeating: "n", count: 1_000_000)
        let error = failure(#"{"$id":"http://example.invalid/\#(long)/"}"#)
        #expect(error?.code == .tooLarge)
        #expect(error?.message == "the URI that $id gives has 1000024 bytes, more than 2048")
        let base = "http://example.invalid/\(String(repeating: "n", count: 2_000))/"
        let resources = (0..<40_000).map { #"{"$id":"\#($0)"}"# }.joined(separator: ",")
        #expect(failure(#"{"$id":"\#(base)","anyOf":[\#(resources)]}"#)?.code == .tooLarge)
        let anchors = (0..<40_000).map { #"{"$anchor":"a\#($0)"}"# }.joined(separator: ",")
        let draft = SchemaDraft.draft202012.metaschemaURI
        #expect(failure(#"{"$schema":"\#(draft)","$id":"\#(base)","anyOf":[\#(anchors)]}"#)?.code == .tooLarge)
    }

    @Test func patternsThatCompileToFarMoreThanTheirTextAreRefused() {
        let patterns = (0..<20_000).map { #"{"pattern":"(ab){1,2000}\#($0)"}"# }.joined(separator: ",")
        let error = failure("{\"anyOf\":[\(patterns)]}")
        #expect(error?.code == .tooLarge)
        #expect(error?.message == "the patterns of the contract need more than 64 MiB in all")
    }

    @Test func aValueThatIsASchemaAtEachOfItsLevelsIsRefused() {
        let text = String(repeating: "x", count: 4_000_000)
        let nested = String(repeating: #"{"const":"#, count: 200) + "\"\(text)\"" + String(repeating: "}", count: 200)
        let references = (1..<200).map { ##"{"$ref":"#/definitions/a\##(String(repeating: "/const", count: $0))"}"## }
        let schema = #"{"definitions":{"a":\#(nested)},"anyOf":[\#(references.joined(separator: ","))]}"#
        #expect(failure(schema)?.code == .tooLarge)
    }

    @Test func aMetaschemaOfItsOwnIsReadOnce() {
        // A schema is compiled on the thread that asks for it, and the resolver is called there.
        nonisolated(unsafe) var reads = 0
        let metaschema = Array(#"{"$schema":"\#(SchemaDraft.draft202012.metaschemaURI)","$id":"busbar:/m"}"#.utf8)
        let resolver = SchemaResolver { uri in
            reads += 1
            return uri == "busbar:/m" ? metaschema : nil
        }
        let embedded = (0..<100).map { #"{"$id":"busbar:/e\#($0)","$schema":"busbar:/m"}"# }.joined(separator: ",")
        #expect(failure(#"{"$schema":"busbar:/m","anyOf":[\#(embedded)]}"#, resolver: resolver) == nil)
        #expect(reads == 1)
    }

    @Test func moreSubschemasThanTheBoundAreRefused() {
        let schema = #"{"anyOf":["# + Array(repeating: "{}", count: 200_001).joined(separator: ",") + "]}"
        #expect(failure(schema)?.code == .tooLarge)
        #expect(failure(schema)?.message == "the contract has more than 200000 subschemas")
    }

    @Test func boundsOfTwoHundredThousandAreNumbersLikeOthers() throws {
        let bounds = #""minItems":200000,"maxLength":200000,"minProperties":200000"#
        #expect(try !isValid("{\(bounds)}", "[]"))
        #expect(try isValid("{\(bounds)}", #""text""#))
        #expect(try isValid(#"{"maxItems":\#(String(repeating: "9", count: 200_000))}"#, "[1]"))
        #expect(
            try isValid(
                #"{"minimum":\#(String(repeating: "9", count: 200_000))}"#,
                String(repeating: "9", count: 200_000)
            )
        )
        #expect(try !isValid(#"{"enum":[\#((0..<200_000).map(String.init).joined(separator: ","))]}"#, "200000"))
        let required = (0..<100_000).map { #""r\#($0)""# }.joined(separator: ",")
        #expect(try !isValid(#"{"required":[\#(required)]}"#, "{}"))
    }

    @Test func manyMembersAgainstManyRequiredNamesEndInAVerdict() throws {
        let names = (0..<50_000).map { "\"r\($0)\"" }
        let draft = SchemaDraft.draft202012.metaschemaURI
        let schema =
            #"{"$schema":"\#(draft)","allOf":[{"required":[\#(names.joined(separator: ","))]},"#
            + #"{"patternProperties":{"^r[0-9]*$":true}}],"unevaluatedProperties":false}"#
        let members = names.map { $0 + ":0" }
        #expect(try isValid(schema, "{\(members.joined(separator: ","))}"))
        #expect(try !isValid(schema, "{\(members.dropLast().joined(separator: ","))}"))
    }

    @Test func manyReferencesIntoManyDefinitionsCompile() throws {
        let definitions = (0..<20_000).map { #""d\#($0)":{"type":"integer"}"# }.joined(separator: ",")
        let references = (0..<20_000).map { ##"{"$ref":"#/definitions/d\##($0)"}"## }.joined(separator: ",")
        #expect(failure(#"{"allOf":[\#(references)],"definitions":{\#(definitions)}}"#) == nil)
    }

    @Test func aPatternForEveryMemberEndsInAVerdict() throws {
        let patterns = (0..<2_000).map { #""^p\#($0)(a|b)*$":{"type":"integer"}"# }.joined(separator: ",")
        let members = (0..<200).map { #""p\#($0)ab":1"# }.joined(separator: ",")
        #expect(try isValid("{\"patternProperties\":{\(patterns)}}", "{\(members)}"))
    }

    @Test(arguments: [
        "http://127.0.0.1:1/x", "https://example.invalid/s.json", "file:///etc/passwd", "ftp://example.invalid/x",
        "urn:example:unknown", "//example.invalid/x", "data:application/json,{}",
    ])
    func remoteReferencesAreNotFetched(uri: String) {
        let error = failure(#"{"properties":{"a":{"$ref":"\#(uri)"}}}"#)
        #expect(error?.code == .unresolvedReference)
        #expect(error?.pointer == "/properties/a/$ref")
        #expect(error?.message.contains("references are not fetched") == true)
    }

    @Test func aMetaschemaIsNotFetchedEither() {
        #expect(failure(#"{"$schema":"https://example.invalid/meta"}"#)?.code == .unknownDialect)
    }

    @Test func documentsThatReferToEverNewOnesAreBounded() {
        let resolver = SchemaResolver { uri in
            let number = Int(uri.split(separator: "/").last ?? "") ?? 0
            return Array(#"{"items":{"$ref":"\#(number + 1)"}}"#.utf8)
        }
        let error = failure(#"{"$ref":"busbar:/x/1"}"#, resolver: resolver)
        #expect(error?.code == .tooLarge)
        #expect(error?.message == "the contract draws in more than 1000 documents")
    }

    @Test func aReferenceIntoAHugePointerIsAnError() {
        let pointer = String(repeating: "/a", count: 100_000)
        #expect(failure(##"{"$ref":"#\##(pointer)"}"##)?.code == .unresolvedReference)
        #expect(failure(##"{"$ref":"#\##(String(repeating: "%41", count: 100_000))"}"##)?.code == .unresolvedReference)
    }

    @Test func circularOneOfEndsSoonForInstancesToo() throws {
        let branches = (0..<12).map {
            ##"{"type":"object","properties":{"k\##($0)":{"$ref":"#"}},"required":["k\##($0)"]}"##
        }
        let schema = #"{"oneOf":["# + (branches + [#"{"type":"integer"}"#]).joined(separator: ",") + "]}"
        var instance = "1"
        for level in 0..<200 { instance = #"{"k\#(level % 12)":\#(instance)}"# }
        #expect(try isValid(schema, instance))
        var wide = "1"
        for _ in 0..<6 { wide = "{" + (0..<3).map { #""k\#($0)":\#(wide)"# }.joined(separator: ",") + "}" }
        #expect(try !isValid(schema, wide))
    }

    @Test func anInstanceWithARepeatedPrefixOfLongNamesEndsSoon() throws {
        let name = String(repeating: "n", count: 10_000)
        let members = (0..<200).map { #""\#(name)\#($0)":1"# }.joined(separator: ",")
        #expect(try !isValid("{\"properties\":{\(members.replacing(":1", with: ":false"))}}", "{\(members)}"))
    }

    @Test func longTextsAreCheckedForTheirFormatsOnce() throws {
        for name in [
            "email", "hostname", "idn-hostname", "uri", "ipv6", "json-pointer", "date-time", "regex", "duration",
        ] {
            for letter in ["1", "a", ".", ":", "(", "é", "%", "{", "/"] {
                let contract = try Contract(compiling: ["format": .string(name)], formats: .assertion)
                let text = JSON.string(String(repeating: letter, count: 100_000)).bytes
                try JSONParser().withDocument(text) { _ = contract.isValid($0, using: ValidationScratch()) }
            }
        }
    }
}
