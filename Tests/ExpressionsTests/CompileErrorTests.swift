import Testing

@testable import Expressions

@Suite struct CompileErrorTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        let program: String
        let code: ExpressionError.Code
        let place: String
        let message: String

        init(_ program: String, _ code: ExpressionError.Code, _ place: String, _ message: String) {
            self.program = program
            self.code = code
            self.place = place
            self.message = message
        }

        var testDescription: String { program }
    }

    static let refused: [Refused] = [
        Refused(".a |", .syntax, "1:5", "unexpected the end of the program"),
        Refused(".a == == 1", .syntax, "1:7", "unexpected `==`"),
        Refused(".a\n| {b: 1\n", .syntax, "2:8", "unexpected the end of the program; expected `}`"),
        Refused("  .a )", .syntax, "1:6", "unexpected a character or bracket that does not fit"),
        Refused(#"{"é": 1, "b" 2}"#, .syntax, "1:14", "unexpected a number"),
        Refused("$headers.x == ]", .syntax, "1:15", "unexpected a character or bracket that does not fit"),
        Refused("if .a then 1", .syntax, "1:13", "unexpected the end of the program"),
        Refused(#""abc"#, .syntax, "1:5", "unexpected the end of the program"),
        Refused("", .syntax, "", "the program is empty"),
        Refused(" # nothing", .syntax, "", "the program is empty"),
        Refused(".a | slect(.b)", .undefined, "1:6", "there is no function `slect`; did you mean `select`?"),
        Refused("1\n+ frobnicate", .undefined, "2:3", "there is no function `frobnicate`"),
        Refused("test", .undefined, "1:1", "`test` takes 1 or 2 arguments, not 0"),
        Refused("def total: 1; totl", .undefined, "1:15", "did you mean `total`?"),
        Refused("$header.a", .undefined, "1:2", "there is no variable `$header`; did you mean `$headers`?"),
        Refused("$tokens", .undefined, "1:2", "programs see $headers, $key and $meta"),
        Refused("break $out", .undefined, "1:8", "there is no `label $out`"),
        Refused("open == true", .undefined, "1:1", "a field is written `.open`"),
        Refused("9007199254740993 == .id", .inexactNumber, "1:1", "a double cannot hold 9007199254740993 exactly"),
        Refused(".x > 3.14159265358979323846", .inexactNumber, "1:6", "compare such numbers as text"),
        Refused(".x * 1e999", .inexactNumber, "1:6", "cannot hold"),
    ]

    @Test(arguments: refused)
    func namesThePlaceAndTheReason(_ row: Refused) throws {
        let error = try #require(throws: ExpressionError.self) { try Program(row.program) }
        let place = error.location.map { "\($0.line):\($0.column.map(String.init) ?? "?")" } ?? ""
        #expect(error.code == row.code)
        #expect(place == row.place)
        #expect(error.message.contains(row.message), "\(error.message)")
    }

    @Test func showsTheLineWithACaret() throws {
        let error = try #require(throws: ExpressionError.self) { try Program(".a\n  | slect(.b)") }
        #expect(
            error.description
                == "2:5: there is no function `slect`; did you mean `select`? [undefined]\n  | slect(.b)\n    ^"
        )
    }

    @Test(
        arguments: [
            "input", "inputs", "debug", "stderr", "input_filename", "input_line_number", "env.HOME", "$ENV.HOME",
            "halt", "halt_error", "halt_error(1)", "now", "localtime", "strflocaltime(\"%Y\")", "get_search_list",
            "modulemeta", "import \"a\" as a; .", "include \"a\"; .", "_input", "_match_impl(\"a\"; null; true)",
            "\"\\(now)\"", "{a: now}", "{a: 1, (env|tostring): 2}", "[.[] | input]", "def _plus(a; b): 1; 1 + 1",
            "$__busbar_tokens", "__busbar_plus(1; 2)", ". as {a: $ENV} | 1", "jn(1;2)",
        ]
    )
    func refusesWhatReachesOutsideTheRecord(_ program: String) throws {
        let error = try #require(throws: ExpressionError.self) { try Program(program) }
        #expect(error.code == .impure)
        #expect(error.location != nil)
    }

    @Test(
        arguments: [
            (".env", "1"), (".input.now", "2"), ("{env, now: 1} | .env", "1"), (#"{"debug": .env, halt: 2}.halt"#, "2"),
            ("[.env as $now | $now][0]", "1"), (". as {env: $input} | $input", "1"),
            (#""now \("env")""#, #""now env""#),
            ("{a: {env}} | .a.env # now", "1"),
        ]
    )
    func allowsTheSameNamesAsMembersAndVariables(_ program: String, _ result: String) throws {
        #expect(try evaluate(program, #"{"env":1,"input":{"now":2}}"#) == [result])
    }

    @Test func refusesAProgramOfUnreasonableSize() throws {
        let program = String(repeating: ".a | ", count: 20_000) + "."
        #expect(throws: ExpressionError.self) { try Program(program) }
    }
}
