import Contracts
import JSON
import LogTesting
import Testing

/// A schema is checked by a short route when nothing is reported and nobody asks what was evaluated. An
/// `unevaluatedProperties` that allows everything says nothing and takes the general route; the report takes that one
/// anyway, and the evaluator reads the schema on its own. All of them must say the same.
@Suite(.timeLimit(.minutes(3))) struct RouteTests {
    private static func keyword(_ text: StaticString) -> JSON {
        do {
            return try JSON(parsing: "{\(text)}")
        } catch {
            preconditionFailure("\(text): \(error)")
        }
    }

    /// Every keyword that asserts, with values on both sides of each shortcut.
    private static let keywords: [JSON] = [
        #""type":"string""#, #""type":"integer""#, #""type":"number""#, #""type":["string","null"]"#,
        #""type":["boolean","integer"]"#, #""type":["array","object"]"#,
        #""enum":["a","abcdefgh",1,null,"abcdefghijklmnopq",[1]]"#, #""enum":["\u00e4","a\"b",2.0,{"a":1}]"#,
        #""const":"abcdefghijklmnopq""#, #""const":"a\"b""#, #""const":1.0"#, #""const":{"a":1}"#, #""const":false"#,
        #""minimum":0"#, #""minimum":1"#, #""minimum":-3"#, #""minimum":0.5"#, #""minimum":9007199254740993"#,
        #""maximum":2"#, #""maximum":-1"#, #""maximum":12345678901234567890"#, #""exclusiveMinimum":0"#,
        #""exclusiveMaximum":3"#, #""exclusiveMaximum":2.5"#, #""multipleOf":2"#, #""multipleOf":0.1"#,
        #""minLength":1"#, #""minLength":2"#, #""minLength":5"#, #""maxLength":0"#, #""maxLength":1"#,
        #""maxLength":9"#,
        #""pattern":"^a""#, #""pattern":"^[a-z]{2,9}$""#, #""pattern":"ä""#, #""pattern":"^[^b]*$""#,
        #""format":"date""#, #""format":"ipv4""#, #""minItems":1"#, #""maxItems":1"#, #""uniqueItems":true"#,
        #""minProperties":1"#, #""maxProperties":1"#, #""dependentRequired":{"a":["b"]}"#,
        #""required":["a"]"#, #""properties":{"a":{"type":"integer","minimum":1},"b":true}"#,
        #""additionalProperties":false"#, #""additionalProperties":{"maxLength":1}"#, #""items":{"type":"integer"}"#,
        #""items":{"items":{"maximum":1}}"#, #""prefixItems":[{"maximum":1}],"items":{"type":"array"}"#,
        #""contains":{"type":"string"}"#, #""not":{"type":"integer"}"#, ##""not":{"$ref":"#/$defs/chain"}"##,
        ##""if":{"type":"string"},"then":{"minLength":2},"else":{"$ref":"#/$defs/chain"}"##,
        ##""allOf":[{"minLength":1},{"$ref":"#/$defs/numbers"}]"##,
        #""anyOf":[{"type":"string"},{"type":"integer"}]"#, #""anyOf":[{"type":"null"},{"minimum":2},{"maxLength":1}]"#,
        ##""anyOf":[{"$ref":"#/$defs/numbers"},{"$ref":"#/$defs/chain"},{"required":["a"]}]"##,
        #""oneOf":[{"type":"integer"},{"type":["string","null"]}]"#,
        #""oneOf":[{"type":"integer"},{"type":"number"},{"type":"object"}]"#,
        ##""oneOf":[{"$ref":"#/$defs/chain"},{"minLength":2,"maximum":2},{"type":"null"}]"##,
        #""oneOf":[{"oneOf":[{"type":"array"},{"type":"integer"}]},{"type":"object"}]"#, ##""$ref":"#/$defs/chain""##,
        ##""properties":{"a":{"$ref":"#/$defs/chain"},"b":{"oneOf":[{"type":"null"},{"$ref":"#/$defs/numbers"}]}}"##,
        ##""items":{"$ref":"#/$defs/chain"}"##, ##""additionalProperties":{"$ref":"#/$defs/numbers"}"##,
    ].map(keyword)

    /// What the references lead to, `chain` by another reference.
    private static let definitions = keyword(
        ##""$defs":{"chain":{"$ref":"#/$defs/link"},"link":{"$ref":"#/$defs/few"},"numbers":{"type":"number"},"few":{"type":["integer","array"],"maximum":1,"maxItems":1}}"##
    )

    private static let values: [String] = [
        "null", "true", "false", "0", "-0", "1", "1.0", "2", "2.5", "3", "-1", "-3", "-4", "1e1", "1e-1", "0.30", "0.0",
        "9007199254740992", "9007199254740993", "12345678901234567890", "12345678901234567891", "-12345678901234567890",
        "1e400", #""""#, #""a""#, #""\u0061""#, #""ab""#, #""ä""#, #""\u00e4""#, #""a😀""#, #""😀😀""#, #""äöüß""#,
        #""a\"b""#,
        #""abcdefgh""#, #""abcdefghi""#, #""abcdefghijklmnopq""#, #""abcdefghXjklmnopq""#, #""2024-02-29""#,
        #""1.2.3.4""#,
        "[]", "[1]", "[1,1.0]", #"[1,"a"]"#, "[[1],[2]]", "{}", #"{"a":1}"#, #"{"a":0}"#, #"{"\u0061":1,"b":2}"#,
        #"{"b":"x"}"#, #"{"a":"xy"}"#, #"{"a":1,"a":0}"#, #"{"c":"x","a":5}"#,
    ]

    private struct Routes {
        let short: Contract
        let general: Contract
        let evaluator: SchemaEvaluator
        let scratch = ValidationScratch()

        init(_ members: [(String, JSON)]) throws {
            let draft: (String, JSON) = ("$schema", "https://json-schema.org/draft/2020-12/schema")
            let head = [draft] + (definitions.members ?? [])
            let ignored: [(String, JSON)] = [("unevaluatedProperties", .object([]))]
            short = try Contract(compiling: .object(head + members), formats: .assertion)
            general = try Contract(compiling: .object(head + members + ignored), formats: .assertion)
            evaluator = try short.evaluator()
        }

        /// - Returns: Whether the value is valid.
        func agree(on root: JSONValue, evaluates: Bool, _ about: @autoclosure () -> String) throws -> Bool {
            let isValid = short.isValid(root, using: scratch)
            let isValidInGeneral = general.isValid(root, using: scratch)
            let hasReport = !short.violations(of: root, limit: 1, using: scratch).isEmpty
            let isEvaluated = try evaluates ? evaluator.evaluate(root, using: scratch).isValid : isValid
            if isValidInGeneral != isValid || hasReport == isValid || isEvaluated != isValid {
                Issue.record(
                    """
                    short \(isValid), general \(isValidInGeneral), report \(hasReport), evaluator \(isEvaluated): \
                    \(about())
                    """
                )
            }
            return isValid
        }
    }

    /// Each keyword with every fifth of those after it.
    @Test(arguments: [1, 3])
    func pairsOfKeywordsMeanTheSameOnEachRoute(offset: Int) throws {
        let documents = try Self.values.map { try JSONDocument([UInt8]($0.utf8)) }
        var valid = 0
        var checked = 0
        for (index, first) in Self.keywords.enumerated() {
            for step in stride(from: index + offset, to: Self.keywords.count, by: 5) {
                let second = Self.keywords[step]
                let names = (first.members ?? []).map(\.0)
                let members = (first.members ?? []) + (second.members ?? []).filter { !names.contains($0.0) }
                let routes = try Routes(members)
                for (turn, document) in documents.enumerated() {
                    try document.withRoot { root in
                        let isValid = try routes.agree(
                            on: root,
                            evaluates: (turn + step) % 7 == 0,
                            "\(JSON.object(members)) takes \(String(decoding: root.rawBytes, as: UTF8.self))?"
                        )
                        valid += isValid ? 1 : 0
                        checked += 1
                    }
                }
            }
        }
        #expect(valid > checked / 10 && valid < checked * 9 / 10, "\(valid) of \(checked) were valid")
    }

    /// Three to six keywords at random.
    @Test(arguments: [UInt64(11), 12])
    func manyKeywordsMeanTheSameOnEachRoute(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let documents = try Self.values.map { try JSONDocument([UInt8]($0.utf8)) }
        for round in 0..<40 {
            var members: [(String, JSON)] = []
            for _ in 0..<Int.random(in: 3...6, using: &random) {
                for member in Self.keywords.randomElement(using: &random)?.members ?? []
                where !members.contains(where: { $0.0 == member.0 }) { members.append(member) }
            }
            let routes = try Routes(members)
            for (turn, document) in documents.enumerated() {
                try document.withRoot { root in
                    _ = try routes.agree(
                        on: root,
                        evaluates: (turn + round) % 5 == 0,
                        "seed \(seed): \(JSON.object(members)) takes \(String(decoding: root.rawBytes, as: UTF8.self))?"
                    )
                }
            }
        }
    }
}
