import Testing

@testable import Expressions

/// A program, a payload, and the results as jq 1.6 itself gives them.
struct JQCase: Sendable, CustomTestStringConvertible {
    let program: String
    let payload: String
    let results: [String]

    init(_ program: String, _ payload: String, _ results: [String]) {
        self.program = program
        self.payload = payload
        self.results = results
    }

    var testDescription: String { program }

    static let all = values + programs
}

@Suite struct SemanticsTests {
    @Test(arguments: JQCase.all)
    func givesWhatJQGives(_ row: JQCase) throws {
        #expect(try evaluate(row.program, row.payload) == row.results)
    }

    /// A number that no double holds, beside the payloads, sends programs through stand-ins and both runs.
    @Test(arguments: Array(stride(from: 0, to: JQCase.all.count, by: 20)))
    func givesTheSameBesideAnInexactNumber(_ first: Int) throws {
        let rows = JQCase.all[first..<min(first + 20, JQCase.all.count)]
        let program = rows.enumerated().map { "[.[\($0.offset)] | (\($0.element.program)\n)]" }.joined(separator: ", ")
        let payload = "[" + (rows.map(\.payload) + ["9007199254740993"]).joined(separator: ",") + "]"
        let results = try evaluate(program, payload)
        for (row, result) in zip(rows, results) {
            // The line that jq reports moves with the rows in front of it.
            if row.program == "$__loc__" { continue }
            #expect(result == "[" + row.results.joined(separator: ",") + "]", "\(row.program)")
        }
        #expect(results.count == rows.count)
    }

    @Test func acceptsAProgramOverSeveralLines() throws {
        #expect(try evaluate("# keep the id\n.a\n| .b", #"{"a":{"b":1}}"#) == ["1"])
    }

    @Test func keepsTheOrderOfMembersOnceAndTheLastOfRepeatedOnes() throws {
        #expect(try evaluate(".", #"{"z":1,"a":2,"z":3}"#) == [#"{"z":3,"a":2}"#])
    }

    @Test func keepsNulAndCharactersBeyondTheBasicPlane() throws {
        #expect(try evaluate("., length", #""a\u0000b\ud83d\ude00\u00e9""#) == [#""a\u0000b😀é""#, "5"])
        #expect(try evaluate(".[\"k\\u0000\"]", #"{"k\u0000":1}"#) == ["1"])
    }

    @Test func refusesHalfSurrogates() throws {
        #expect(try failure(#""\ud83d""#)?.code == .syntax)
        #expect(try failure("implode", "[55357]")?.code == .runtime)
    }
}
