import Contracts
import JSON
import Testing

/// Numbers are compared by exact value wherever a contract compares them, beyond 2^53 and beyond Double.
@Suite struct ExactNumberTests {
    private func isValid(_ schema: String, _ instance: String) throws -> Bool {
        let contract = try Contract(compiling: [UInt8](schema.utf8))
        return try JSONParser().withDocument(instance) { root in
            let isValid = contract.isValid(root, using: ValidationScratch())
            let evaluated = try contract.evaluate(root).isValid
            #expect(evaluated == isValid)
            return isValid
        }
    }

    private static let large = "123456789012345678901234567890"
    private static let next = "123456789012345678901234567891"

    static let cases: [(String, String, Bool)] = [
        // 30 digits: doubles cannot tell these two apart.
        (#"{"const":\#(large)}"#, large, true), (#"{"const":\#(large)}"#, next, false),
        (#"{"const":\#(large)}"#, large + ".000", true), (#"{"const":\#(large)}"#, large + ".001", false),
        (#"{"enum":[1,\#(large)]}"#, next, false),
        (#"{"enum":[1,\#(large)]}"#, "1.23456789012345678901234567890e29", true),
        (#"{"minimum":\#(next)}"#, large, false), (#"{"minimum":\#(next)}"#, next, true),
        (#"{"maximum":\#(large)}"#, next, false), (#"{"exclusiveMaximum":\#(next)}"#, large, true),
        (#"{"exclusiveMaximum":\#(next)}"#, next, false), (#"{"exclusiveMinimum":-\#(next)}"#, "-" + large, true),
        (#"{"multipleOf":3}"#, large, true), (#"{"multipleOf":3}"#, next, false),
        (#"{"multipleOf":\#(large)}"#, large + "0", true), (#"{"multipleOf":\#(large)}"#, next + "0", false),
        (#"{"uniqueItems":true}"#, "[\(large),\(next)]", true),
        (#"{"uniqueItems":true}"#, "[\(large),\(large).0]", false),
        // Decimals that binary fractions only come near to.
        (#"{"const":0.1}"#, "0.1000000000000000055511151231257827", false), (#"{"const":0.1}"#, "1e-1", true),
        (#"{"minimum":0.30000000000000000000000000001}"#, "0.3", false), (#"{"multipleOf":0.1}"#, "0.3", true),
        (#"{"multipleOf":0.000000000000000000000000000001}"#, "0.123456789012345678901234567890", true),
        (#"{"multipleOf":0.01}"#, "\(large).005", false), (#"{"multipleOf":1e-7}"#, "1.1", true),
        (#"{"uniqueItems":true}"#, "[0.1,0.10000000000000001]", true),
        // Beyond Double.
        (#"{"const":1e400}"#, "1e400", true), (#"{"const":1e400}"#, "10e399", true),
        (#"{"const":1e400}"#, "2e400", false),
        (#"{"maximum":1e400}"#, "1e401", false), (#"{"minimum":1e-400}"#, "0", false),
        (#"{"minimum":1e-400}"#, "1e-399", true), (#"{"multipleOf":1e399}"#, "1e400", true),
        (#"{"multipleOf":3}"#, "1e400", false), (#"{"type":"integer"}"#, "1e-400", false),
        (#"{"uniqueItems":true}"#, "[1e400,1e401]", true), (#"{"uniqueItems":true}"#, "[1e400,10e399]", false),
        (#"{"uniqueItems":true}"#, #"[{"a":1e400},{"a":1.0e400}]"#, false),
        (#"{"const":0}"#, "-0.0e999999999999999999999", true),
        // An exponent no program could write out.
        (#"{"minimum":1}"#, "1e99999999999999999999", true), (#"{"multipleOf":7}"#, "1e99999999999999999999", false),
        (#"{"maximum":1}"#, "1e-99999999999999999999", true),
    ]

    @Test(arguments: Self.cases)
    func comparesByExactValue(schema: String, instance: String, expected: Bool) throws {
        #expect(try isValid(schema, instance) == expected)
    }

    @Test(arguments: SchemaDraft.allCases)
    func aNumberIsItsValueInEveryDraft(draft: SchemaDraft) throws {
        func schema(_ keywords: String) -> String { #"{"$schema":"\#(draft.metaschemaURI)",\#(keywords)}"# }
        for text in ["1", "1.0", "10e-1", "0.1E1"] {
            #expect(try isValid(schema(#""type":"integer""#), text))
            #expect(try isValid(schema(#""enum":[1]"#), text))
            #expect(try isValid(schema(#""minimum":1,"maximum":1.00"#), text))
            #expect(try !isValid(schema(#""uniqueItems":true"#), "[1,\(text)]"))
            #expect(try isValid(schema(#""const":2"#), text) == (draft == .draft4))
        }
        let least = draft == .draft4 ? #""minimum":1.0,"exclusiveMinimum":true"# : #""exclusiveMinimum":1.0"#
        #expect(try !isValid(schema(least), "1"))
        #expect(try isValid(schema(least), "1.\(String(repeating: "0", count: 40))1"))
        #expect(try !isValid(schema(#""type":"integer""#), "1.\(String(repeating: "0", count: 40))1"))
        // Sizes, too, are numbers: 2.0 is 2.
        #expect(try !isValid(schema(#""minLength":2.0"#), #""a""#))
    }
}
