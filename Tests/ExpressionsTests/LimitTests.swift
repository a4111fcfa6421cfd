import JSON
import Testing

@testable import Expressions

@Suite struct LimitTests {
    private let short = ExpressionLimits(time: .milliseconds(40))

    @Test(
        .timeLimit(.minutes(2)),
        arguments: [
            "def f: f; f", "[range(infinite)] | length", "last(range(1e12))", "[limit(1e9; repeat(1))] | length",
            "def f: [f]; f", "def f: 1 + f; f", "reduce range(1e12) as $i (0; . + $i)", "until(false; . + 1)",
            "[recurse(. + 1)] | length", "def f: (. + .) | f; \"xy\" | f",
            "reduce range(40) as $i (\"x\"; . + .) | length",
            "reduce range(60) as $i ([1]; . + .) | length", "\"abc\" | gsub(\"\"; \"a\")", "[.[]?, range(1e9)] | add",
            "try (def f: f; f) catch 1", "label $x | repeat(1) | if . == 2 then break $x else empty end",
        ]
    )
    func stopsAProgramThatDoesNotEnd(_ program: String) throws {
        let error = try #require(try failure(program, "0", limits: short))
        #expect(error.code == .timeLimit || error.code == .outputLimit)
    }

    @Test(.timeLimit(.minutes(1)))
    func servesFurtherRecordsAfterATimeLimit() throws {
        let evaluator = try Evaluator(Program("if . == 1 then (def f: f; f) else . end"), limits: short)
        let parser = JSONParser()
        var codes: [String] = []
        for payload in ["0", "1", "2", "1", "3"] {
            do {
                var bytes: [UInt8] = []
                try parser.withDocument(payload) { try evaluator.map($0, into: &bytes) }
                codes.append(String(decoding: bytes, as: UTF8.self))
            } catch let error as ExpressionError {
                codes.append(error.code.rawValue)
            }
        }
        #expect(codes == ["0", "time_limit", "2", "time_limit", "3"])
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("\"x\" * 1e9", ExpressionError.Code.outputLimit), ("1e9 * \"x\"", .outputLimit),
            (".n as $n | [] | .[1e9 + $n] = 1", .outputLimit), (".a[1000000000] = 1", .outputLimit),
            ("setpath([1e9]; 1)", .outputLimit), ("[] | .[1e9 + 1] |= 1", .outputLimit),
            ("fromstream([[1e9], 1], [[1e9]])", .outputLimit), ("[-1] | implode", .runtime),
            ("[1e9] | implode", .runtime),
            ("[\"a\"] | implode", .runtime),
        ]
    )
    func refusesWhatWouldExhaustMemoryInOneStep(_ program: String, _ code: ExpressionError.Code) throws {
        #expect(try failure(program, #"{"a":[],"n":0}"#)?.code == code)
    }

    /// Each of these ends or hangs the process with libjq 1.6 alone.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (#""abc" | [indices("")]"#, "[[]]"), (#""abc" | index("")"#, "null"),
            (#""aé" | [match(""; "g").offset]"#, "[]"), (#""é é" | [scan("\\s*")]"#, #"[" "]"#),
            (#""éa" | [splits("x*")]"#, #"["éa"]"#), ("-9223372036854775000 % -1", "inexact_number"),
            ("nan % -1", "inexact_number"),
            ("0 | strftime(null)", "runtime"), ("1e300 | todate", "runtime"), ("\"nan\" | tonumber", "runtime"),
            ("\"[nan]\" | fromjson", "runtime"),
            ("(-5) % -1", "0"), ("1e19 % 7", "inexact_number"),
        ]
    )
    func survivesFaultsOfTheLibrary(_ program: String, _ result: String) throws {
        do {
            #expect(try evaluate(program) == [result])
        } catch let error as ExpressionError {
            #expect(error.code.rawValue == result)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func boundsARegularExpressionThatBacktracks() throws {
        let text = String(repeating: "a", count: 40) + "b"
        let error = try failure(#"test("^(a|a)*$")"#, "\"\(text)\"")
        #expect(error?.code == .runtime)
        #expect(error?.message.contains("Regex failure") == true)
    }

    @Test func boundsTheBytesOfAllResults() throws {
        let limits = ExpressionLimits(outputBytes: 10)
        #expect(try evaluate("[1,2,3,4]", limits: limits) == ["[1,2,3,4]"])
        #expect(try failure("[1,2,3,4,5]", limits: limits)?.code == .outputLimit)
        #expect(try failure("\"12345678\", 1", limits: limits)?.code == .outputLimit)
    }

    @Test func boundsTheNumberOfResults() throws {
        let limits = ExpressionLimits(outputs: 3)
        #expect(try evaluate("range(3)", limits: limits).count == 3)
        #expect(try failure("range(4)", limits: limits)?.code == .outputLimit)
        #expect(try failure("range(1e12)", limits: limits)?.code == .outputLimit)
    }

    @Test func refusesPayloadsAndResultsThatNestTooDeep() throws {
        let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        #expect(try failure(".", deep)?.code == .depthLimit)
        let members = String(repeating: #"{"a":"#, count: 10_000) + "1" + String(repeating: "}", count: 10_000)
        #expect(try failure("1", members)?.code == .depthLimit)
        #expect(try failure("reduce range(10000) as $i (1; [.])")?.code == .depthLimit)
        #expect(try failure("reduce range(600) as $i (1; {a: .})")?.code == .depthLimit)
        #expect(try evaluate("reduce range(512) as $i (1; [.]) | flatten") == ["[1]"])
        let limit = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(try evaluate(".", limit) == [limit])
    }

    /// In a process of its own: what this guards against ends the process.
    @Test(.timeLimit(.minutes(2)))
    func survivesValuesThatNestVeryDeep() async {
        await #expect(processExitsWith: .success) {
            let limits = ExpressionLimits(time: .seconds(1))
            for program in [
                "reduce range(1e9) as $i (1; {a: .})", "reduce range(400000) as $i (1; {a: .})",
                "reduce range(100000) as $i (1; {a: .}) | contains(.)", "last(recurse([.])) | 1",
                "try (null | setpath([range(200000) | \"a\"]; 1)) catch 1",
            ] {
                let error = try failure(program, limits: limits)
                #expect(error == nil || error?.code == .timeLimit || error?.code == .depthLimit, "\(program)")
                _ = try failure(program, "[9007199254740993]", limits: limits)
            }
        }
    }

    @Test func keepsLimitsInTheirRange() {
        #expect(ExpressionLimits(time: .zero).time == .milliseconds(1))
        #expect(ExpressionLimits(time: .seconds(100)).time == .seconds(2))
        #expect(ExpressionLimits(outputs: 0).outputs == 1)
        #expect(ExpressionLimits(depth: 1_000_000).depth == 2000)
    }
}
