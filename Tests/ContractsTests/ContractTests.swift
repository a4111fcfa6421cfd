import Contracts
import JSON
import Testing

@Suite struct ContractTests {
    private func isValid(_ schema: String, _ instance: String) throws -> Bool {
        let contract = try Contract(compiling: [UInt8](schema.utf8))
        return try JSONParser().withDocument(instance) { contract.isValid($0, using: ValidationScratch()) }
    }

    private func failure(_ schema: String) -> ContractError? {
        do throws(ContractError) {
            _ = try Contract(compiling: [UInt8](schema.utf8))
            return nil
        } catch {
            return error
        }
    }

    static let numbers: [(String, String, Bool)] = [
        (#"{"maximum":9007199254740992}"#, "9007199254740993", false),
        (#"{"maximum":9007199254740993}"#, "9007199254740993.0", true),
        (#"{"const":9007199254740993}"#, "9007199254740992", false),
        (#"{"enum":[1.0]}"#, "1", true),
        (#"{"multipleOf":0.01}"#, "19.99", true),
        (#"{"multipleOf":0.0001}"#, "0.00751", false),
        (#"{"type":"integer"}"#, "1e400", true),
        (#"{"type":"integer"}"#, "123456789012345678901234567890.0", true),
        (#"{"minimum":-1e400}"#, "-2e400", false),
    ]

    @Test(arguments: Self.numbers)
    func comparesNumbersExactly(schema: String, instance: String, expected: Bool) throws {
        #expect(try isValid(schema, instance) == expected)
    }

    /// To Swift's `String` these names and patterns are equal; to JSON they are not.
    @Test func equivalentNamesAreToldApart() throws {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        let names =
            #"{"properties":{"\#(composed)":{"type":"null"},"\#(decomposed)":{"type":"string"}}}"#
        #expect(try isValid(names, "{\"\(composed)\":null,\"\(decomposed)\":\"\"}"))
        #expect(try !isValid(names, "{\"\(composed)\":\"\"}"))
        #expect(try !isValid(names, "{\"\(decomposed)\":null}"))
        let patterns = #"{"anyOf":[{"pattern":"^\#(composed)$"},{"pattern":"^\#(decomposed)$"}]}"#
        #expect(try isValid(patterns, "\"\(composed)\""))
        #expect(try isValid(patterns, "\"\(decomposed)\""))
    }

    @Test func withoutDialectItIsDraft7() throws {
        // `prefixItems` means nothing there, and siblings of `$ref` are ignored.
        #expect(try isValid(#"{"prefixItems":[{"type":"string"}]}"#, "[1]"))
        #expect(try isValid(##"{"$ref":"#/definitions/a","type":"string","definitions":{"a":true}}"##, "1"))
        #expect(try !isValid(#"{"dependencies":{"a":["b"]}}"#, #"{"a":1}"#))
    }

    @Test func takesHTTPAndHTTPSDialectsForEachOther() throws {
        #expect(try !isValid(#"{"$schema":"https://json-schema.org/draft-07/schema#","minimum":1}"#, "0"))
        #expect(
            try !isValid(#"{"$schema":"http://json-schema.org/draft/2020-12/schema","prefixItems":[false]}"#, "[0]")
        )
    }

    @Test func findsMembersAmongManyNamesInAnyOrder() throws {
        let names = (0..<300).map { "name\($0)" }
        let properties = names.map { "\"\($0)\":{\"type\":\"integer\"}" }.joined(separator: ",")
        let required = names.map { "\"\($0)\"" }.joined(separator: ",")
        let schema = "{\"properties\":{\(properties)},\"required\":[\(required)],\"additionalProperties\":false}"
        let members = names.reversed().map { "\"\($0)\":1" }
        #expect(try isValid(schema, "{" + members.joined(separator: ",") + "}"))
        #expect(try isValid(schema, "{\"\\u006eame299\":1," + members.dropFirst().joined(separator: ",") + "}"))
        for missing in [0, 63, 64, 65, 299] {
            var fewer = members
            fewer.remove(at: missing)
            #expect(try !isValid(schema, "{" + fewer.joined(separator: ",") + "}"), "without member \(missing)")
        }
        #expect(try !isValid(schema, "{" + (members + ["\"x\":1"]).joined(separator: ",") + "}"))
    }

    @Test func everyMemberOfARepeatedNameIsChecked() throws {
        #expect(try !isValid(#"{"properties":{"a":{"type":"string"}}}"#, #"{"a":1,"a":"x"}"#))
        #expect(try !isValid(#"{"properties":{"a":{"type":"string"}}}"#, #"{"a":"x","a":1}"#))
    }

    @Test func ofARepeatedNameInASchemaOnlyTheLastCounts() throws {
        let schema =
            #"{"properties":{"x":{"type":"string"},"y":false},"properties":{"x":false,"x":{"type":"integer"}}}"#
        #expect(try isValid(schema, #"{"x":1,"y":1}"#))
        #expect(try !isValid(schema, #"{"x":"1"}"#))
        #expect(try isValid(#"{"items":{"not":{"type":"null"}},"items":{"title":"any"}}"#, "[null]"))
    }

    static let badSchemas: [(String, String, Int, Int)] = [
        (#"{"type":"strng"}"#, "/type", 1, 9),
        ("{\n \"properties\": {\n  \"a\": {\"minimum\": \"1\"}}}", "/properties/a/minimum", 3, 20),
        (#"{"required":"a"}"#, "/required", 1, 13),
        (#"{"multipleOf":0}"#, "/multipleOf", 1, 15),
        (#"{"items":1}"#, "/items", 1, 10),
        (#"{"properties":{"a":{"properties":{"b":7}}}}"#, "/properties/a/properties/b", 1, 39),
        ("[]", "", 1, 1),
    ]

    @Test(arguments: Self.badSchemas)
    func refusesWhatTheMetaschemaRefuses(schema: String, pointer: String, line: Int, column: Int) {
        let error = failure(schema)
        #expect(error?.code == .invalidSchema)
        #expect(error?.pointer == pointer)
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test func theErrorOfABadSchemaIsASentenceWithItsPlace() {
        #expect(
            failure(#"{"minLength":-1}"#)?.description
                == "1:14: this is no schema: /minLength is less than 0 (at /minLength) [invalid_schema]"
        )
        #expect(failure("{\"a\":")?.description == "1:6: the document ends before it is complete [invalid_json]")
    }

    static let uncompilable: [(String, ContractError.Code, String)] = [
        (##"{"$ref":"#/definitions/x"}"##, ContractError.Code.unresolvedReference, "/$ref"),
        (#"{"$ref":"http://example.com/other"}"#, .unresolvedReference, "/$ref"),
        (##"{"items":{"$ref":"#nowhere"}}"##, .unresolvedReference, "/items/$ref"),
        (##"{"$ref":"#/maximum","maximum":3}"##, .unresolvedReference, "/$ref"),
        (#"{"pattern":"("}"#, .invalidPattern, "/pattern"),
        (#"{"patternProperties":{"a/(":true}}"#, .invalidPattern, "/patternProperties/a~1("),
        (#"{"$schema":"http://example.com/mine"}"#, .unknownDialect, "/$schema"),
        (#"{"$schema":"http://json-schema.org/draft-03/schema#"}"#, .unknownDialect, "/$schema"),
    ]

    @Test(arguments: Self.uncompilable)
    func refusesWhatCannotBeCompiled(schema: String, code: ContractError.Code, pointer: String) {
        #expect(failure(schema)?.code == code)
        #expect(failure(schema)?.pointer == pointer)
    }

    @Test func knowsThePublishedMetaschemasWithoutAResolver() throws {
        for draft in SchemaDraft.allCases {
            let schema = #"{"$ref":"\#(draft.metaschemaURI)"}"#
            #expect(try isValid(schema, #"{"type":"string"}"#), "\(draft)")
            #expect(try !isValid(schema, #"{"type":"strng"}"#), "\(draft)")
        }
    }

    @Test func aResolverServesOtherDocuments() throws {
        let resolver = SchemaResolver { uri in
            uri == "busbar:/schemas/common/v1.json" ? Array(#"{"definitions":{"id":{"type":"integer"}}}"#.utf8) : nil
        }
        let contract = try Contract(
            compiling: Array(#"{"items":{"$ref":"../common/v1.json#/definitions/id"}}"#.utf8),
            uri: "busbar:/schemas/order/v1.json",
            resolver: resolver
        )
        try JSONParser().withDocument(#"[1,"2"]"#) { root in
            #expect(
                contract.violations(of: root).map(\.keyword) == ["busbar:/schemas/common/v1.json#/definitions/id/type"]
            )
        }
    }

    @Test(.timeLimit(.minutes(1))) func oneContractServesManyTasksAtOnce() async throws {
        let contract = try Contract(compiling: Array(#"{"items":{"pattern":"^[a-z]+$"},"uniqueItems":true}"#.utf8))
        let verdicts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let parser = JSONParser()
                    let scratch = ValidationScratch()
                    var valid = 0
                    for round in 0..<200 {
                        let text = round % 2 == 0 ? #"["a","b"]"# : #"["a","B"]"#
                        if try parser.withDocument(text, { contract.isValid($0, using: scratch) }) { valid += 1 }
                    }
                    return valid
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts == Array(repeating: 100, count: 8))
    }
}
