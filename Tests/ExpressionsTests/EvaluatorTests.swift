import JSON
import Testing

@testable import Expressions

@Suite struct EvaluatorTests {
    private func filter(_ program: String, _ payload: String) throws -> Bool {
        let evaluator = try Evaluator(Program(program))
        return try JSONParser().withDocument(payload) { try evaluator.filter($0) }
    }

    private func map(_ program: String, _ payload: String, _ bytes: inout [UInt8]) throws {
        let evaluator = try Evaluator(Program(program))
        try JSONParser().withDocument(payload) { try evaluator.map($0, into: &bytes) }
    }

    @Test(
        arguments: [
            (".a", true), (".b", false), (".c", false), ("0", true), ("\"\"", true), ("[]", true), (".missing", false),
            ("empty", false), ("select(.a)", true), ("select(.b)", false), ("any(.n[]; . > 2)", true),
            ("first(.n[])", true), (".n[] | select(. > 5)", false),
        ]
    )
    func passesWhatIsNeitherFalseNorNullNorNothing(_ program: String, _ passes: Bool) throws {
        #expect(try filter(program, #"{"a":true,"b":false,"c":null,"n":[1,2,3]}"#) == passes)
    }

    @Test func refusesAFilterWithSeveralResults() throws {
        let error = try #require(throws: ExpressionError.self) { try filter(".[]", "[1,2]") }
        #expect(error.code == .multipleOutputs)
        #expect(error.message.contains("any(…)"))
        let exact = try #require(throws: ExpressionError.self) { try filter(".[]", "[1,9007199254740993]") }
        #expect(exact.code == .multipleOutputs)
    }

    @Test func appendsAMapsOneResult() throws {
        var bytes = Array("x=".utf8)
        try map("{b: .a}", #"{ "a" : [1, 2] }"#, &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"x={"b":[1,2]}"#)
    }

    @Test func refusesAMapWithNoneOrSeveralResultsAndLeavesTheBytes() throws {
        var bytes = Array("x".utf8)
        let none = try #require(throws: ExpressionError.self) { try map("empty", "1", &bytes) }
        let many = try #require(throws: ExpressionError.self) { try map("1, 2", "1", &bytes) }
        #expect(none.code == .noOutput)
        #expect(none.message.contains("filter"))
        #expect(many.code == .multipleOutputs)
        #expect(bytes == Array("x".utf8))
    }

    @Test func servesFurtherRecordsAfterAnError() throws {
        let evaluator = try Evaluator(Program("1 / .n"))
        let parser = JSONParser()
        var results: [String] = []
        for payload in [#"{"n":1}"#, #"{"n":0}"#, #"{"n":"x"}"#, #"{"n":4}"#] {
            do {
                var bytes: [UInt8] = []
                try parser.withDocument(payload) { try evaluator.map($0, into: &bytes) }
                results.append(String(decoding: bytes, as: UTF8.self))
            } catch let error as ExpressionError {
                results.append(error.code.rawValue)
            }
        }
        #expect(results == ["1", "runtime", "runtime", "0.25"])
    }

    @Test(
        arguments: [
            (".s + 1", "string and number cannot be added"), (".s | keys", "string has no keys"),
            (".s | tonumber", "Invalid"), (".s[0]", "Cannot index string with number"),
            (".[.s]", "null"), (".s[.s]", "Cannot index string with a text"),
            (".s.foo", "Cannot index string with string \"foo\""), (".s | fromjson", "Invalid"),
            (".s | strptime(\"%Y\")", "a date does not match the format"), (".[]  | .[]?  | error", "of type"),
            ("error(\"unknown kind\")", "unknown kind"), ("error({a: .s})", "of type object"),
            ("error(null)", "error(null)"), (".o | error", "of type object"),
            ("{(.o): 1}", "Cannot use object as object key"),
        ]
    )
    func namesTheFaultButQuotesNothingOfTheRecord(_ program: String, _ message: String) throws {
        let error = try failure(program, #"{"s":"secret(x) \"","o":{"p":["secret"]}}"#)
        if message == "null" { return #expect(error == nil) }
        #expect(error?.code == .runtime)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.description.contains("secret") == false, "\(error?.message ?? "")")
    }

    @Test func refusesWhatJSONCannotWrite() throws {
        #expect(try failure("nan")?.code == .notJSON)
        #expect(try failure("[infinite]")?.code == .notJSON)
        #expect(try failure("-infinite")?.code == .notJSON)
        #expect(try failure("1e308 * 10")?.code == .notJSON)
        #expect(try evaluate("nan | isnan") == ["true"])
    }

    @Test func comparesProgramsByText() throws {
        #expect(try Program(".a") == Program(".a"))
        #expect(try Program(".a") != Program(".b"))
    }
}
