import JSON
import Testing

@testable import Expressions

@Suite struct NumberTests {
    private static let id = "9007199254740993"
    private static let record =
        #"{"id":9007199254740993,"other":9007199254740995,"same":9007199254740993.0,"#
        + #""big":1234567890123456789,"fine":0.1234567890123456789,"n":5,"edge":9007199254740992,"t":"x"}"#

    private static let kept: [(program: String, results: String)] = [
        (".id", id),
        ("[.id, .n]", "[\(id),5]"),
        ("{a: {b: [.big]}}", #"{"a":{"b":[1234567890123456789]}}"#),
        (".fine", "0.1234567890123456789"),
        ("-(.n)", "-5"),
        ("[.id, .other] | sort | .[0]", id),
        ("[.other, .id, .edge] | sort", "[9007199254740992,9007199254740993,9007199254740995]"),
        ("[.big, .id] | max", "1234567890123456789"),
        ("[.id, .same, .other] | unique | length", "2"),
        (".id == .same", "true"),
        (".id == .other", "false"),
        (".id == .edge", "false"),
        (".id > .edge", "true"),
        (".id < .other", "true"),
        (".id > 5", "true"),
        (".id == \"9007199254740993\"", "false"),
        (".id | tostring", "\"\(id)\""),
        (".id | tostring == \"9007199254740993\"", "true"),
        ("\"/issues/\\(.id)\"", "\"/issues/\(id)\""),
        ("[.id] | tojson", "\"[\(id)]\""),
        ("{(.id | tostring): 1}", "{\"\(id)\":1}"),
        (".id | tojson | length", "16"),
        ("[.id] | @json", "\"[\(id)]\""),
        ("@json \"x\\(.id)\"", "\"x\(id)\""),
        ("@uri \"x=\\(.big)\"", "\"x=1234567890123456789\""),
        ("@base64 \"\\(.id)\" | @base64d", "\"\(id)\""),
        ("[.id, \"a\"] | join(\"-\")", "\"\(id)-a\""),
        ("[{id: .id}] | INDEX(.id) | keys", "[\"\(id)\"]"),
        ("null + .id", id),
        ("[.id] + [.n]", "[\(id),5]"),
        ("[.n, .id] - [.id]", "[5]"),
        ("[.id, .id] | group_by(.) | length", "1"),
        ("[null, .id] | add", id),
        ("[.id] | index(.[0])", "0"),
        ("[.[] | numbers] | length", "7"),
        (".id as $x | [.n, $x] | contains([$x])", "true"),
        ("[.id] | inside([5, 6])", "false"),
        (".x = .id | .x", id),
        (".n |= . + 1 | .id, .n", "\(id),6"),
        ("[paths] | length", "8"),
        ("walk(.) | .big", "1234567890123456789"),
        ("[.id | ., .] | length", "2"),
        (".fine | . > 0.1 and . < 0.2", "true"),
        (".id | type", #""number""#),
        (".id | isnormal", "true"),
        (".t + \"\\(.id)\"", "\"x\(id)\""),
        ("[limit(1; .id)]", "[\(id)]"),
        ("[.id, .big] | min_by(.)", id),
        (".same", id), (".id, .same | tostring", "\"\(id)\",\"\(id)\""),
    ]

    /// All in one program, so that it compiles once.
    @Test func keepsNumbersThatNoDoubleHolds() throws {
        let program = Self.kept.map { "[\($0.program)]" }.joined(separator: ", ")
        let results = try evaluate(program, Self.record)
        for (row, result) in zip(Self.kept, results) {
            #expect(result == "[\(row.results)]", "\(row.program)")
        }
        #expect(results.count == Self.kept.count)
    }

    @Test(
        arguments: [
            ".id + 1", ".id - 1", ".id * 1", ".id / 2", ".id % 2", ".big % 16", "-.id", ".id | floor", ".big | sqrt",
            "pow(.id; 1)", "[.id, .n] | add", "reduce .id as $x (0; . + $x)", "[.id] | @csv", "[.id] | @sh",
            "[.big] | @tsv",
            ".n += .id", ".id += 1", ".id |= . * 2", "[range(.id; .other)]", "[limit(2; range(.id; infinite; 1))]",
            "[.id] | tojson | fromjson", ".id | tostring | tonumber", "fma(.id; 1; 1)", "[.[] | numbers | . * 1]",
            ".fine | round", "ldexp(.id; 1)", ".id | log2", "[.id, 1] | map(. + 1)", ".id | significand",
            ".edge * 1 == .id", ".id > (.edge + 0) | not", "[.n, .id] | .[0] - .[1]", ".id | todate",
        ]
    )
    func failsWhereItWouldRound(_ program: String) throws {
        #expect(try failure(program, Self.record)?.code == .inexactNumber)
    }

    @Test func comparesNeighboursThatLeaveNoRoom() throws {
        let ids = (0..<40).map { "\(9_007_199_254_740_980 + $0)" }
        let payload = "{\"ids\":[\(ids.joined(separator: ","))],\"id\":9007199254740993}"
        #expect(try evaluate(".ids", payload) == ["[\(ids.joined(separator: ","))]"])
        #expect(try evaluate(".ids | reverse | sort", payload) == ["[\(ids.joined(separator: ","))]"])
        #expect(try evaluate(".id as $id | [.ids[] | . < $id] | map(select(.)) | length", payload) == ["13"])
        #expect(try evaluate(".id as $id | .ids | index($id)", payload) == ["13"])
        #expect(try evaluate(".id as $id | any(.ids[]; . == $id)", payload) == ["true"])
        let others = payload.replacing("9007199254740993,", with: "")
        #expect(try evaluate(".id as $id | any(.ids[]; . == $id)", others) == ["false"])
        #expect(try evaluate(".ids as $ids | .id | IN($ids[])", others) == ["false"])
    }

    @Test func failsBetweenTwoLiteralsThatLeaveNoRoom() throws {
        let program = "[.id == 9007199254740992, .id == 9007199254740994]"
        #expect(try failure(program, #"{"id":9007199254740993}"#)?.code == .inexactNumber)
        #expect(try evaluate(".id == 9007199254740990", #"{"id":9007199254740993}"#) == ["false"])
        #expect(try evaluate(".id > 9007199254740990", #"{"id":9007199254740993}"#) == ["true"])
        #expect(try evaluate(".id == 9007199254740992", #"{"id":9007199254740992}"#) == ["true"])
    }

    @Test func refusesNumbersBeyondEveryDouble() throws {
        #expect(try failure(".", "1e400")?.code == .inexactNumber)
        #expect(try failure(".a", #"{"a":1,"b":-1e400}"#)?.code == .inexactNumber)
        #expect(try evaluate("[., . < 1]", "1e-400") == ["[1e-400,true]"])
        #expect(try failure(". > 0", "1e-400")?.code == .inexactNumber)
    }

    @Test(
        arguments: [
            (#""9007199254740993" | tonumber"#, nil), (#""1e999" | tonumber"#, nil), (#""1e-999" | tonumber"#, nil),
            (#""0.1234567890123456789" | tonumber"#, nil), (#""9007199254740991" | tonumber"#, "9007199254740991"),
            (#""0.30000000000000004" | tonumber"#, "0.30000000000000004"),
            (#""100000000000000000000" | tonumber"#, "100000000000000000000"),
            (#""-12.50000000000000000" | tonumber"#, "-12.5"), (#""0.000000000000000000001" | tonumber"#, "1e-21"),
            (#""0" | tonumber"#, "0"), (#""{\"id\":9007199254740993}" | fromjson"#, nil),
            (#""[1e400]" | fromjson"#, nil),
            (
                #""{\"id\":\"9007199254740993\",\"x\":0.30000000000000004}" | fromjson"#,
                #"{"id":"9007199254740993","x":0.30000000000000004}"#
            ),
            (#""[\"\\\"9007199254740993\", 1]" | fromjson"#, #"["\"9007199254740993",1]"#),
            (#""{\"é\":12345678901234567}" | fromjson"#, nil),
            (#""9007199254740993" | try tonumber catch "no""#, #""no""#),
        ] as [(String, String?)]
    )
    func readsNumbersFromTextExactlyOrNot(_ program: String, _ result: String?) throws {
        if let result {
            #expect(try evaluate(program) == [result])
        } else {
            #expect(try failure(program)?.code == .inexactNumber)
        }
    }

    @Test func writesDoublesAsTheirShortestText() {
        let texts: [(Double, String)] = [
            (0, "0"), (-0.0, "-0"), (1, "1"), (-5, "-5"), (0.1, "0.1"), (1e20, "100000000000000000000"),
            (1.5e18, "1500000000000000000"), (1e21, "1e+21"), (1e-7, "1e-07"), (123_456.789, "123456.789"),
            (9_007_199_254_740_994, "9007199254740994"), (12_345_678_901_234_567_168, "12345678901234567000"),
        ]
        for (value, text) in texts { #expect(DoubleText.text(value) == text) }
    }

    /// Random numbers around and beyond 2^53 against integer arithmetic: order, equality and text must be the true ones.
    @Test func agreesWithIntegersOnRandomRecords() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        let order = try Evaluator(
            Program("[(.n | sort), (.n | unique | length), (.n[0] < .n[1]), (.n[0] == .n[1]), (.n[2] | tostring)]")
        )
        let parser = JSONParser()
        for _ in 0..<150 {
            let start =
                Int.random(in: (1 << 53) - 8...(1 << 53) + 64, using: &random) << Int.random(in: 0...8, using: &random)
            let numbers = (0..<Int.random(in: 3...12, using: &random)).map { _ in
                start + Int.random(in: 0...12, using: &random)
            }
            var bytes: [UInt8] = []
            try parser.withDocument("{\"n\":\(numbers)}") { try order.map($0, into: &bytes) }
            let sorted = numbers.sorted().map(String.init).joined(separator: ",")
            let isExact = numbers.allSatisfy { Int(exactly: Double($0)) == $0 }
            let text = isExact ? nil : "\"\(numbers[2])\""
            let start2 = "[[\(sorted)],\(Set(numbers).count),\(numbers[0] < numbers[1]),\(numbers[0] == numbers[1]),"
            let result = String(decoding: bytes, as: UTF8.self)
            #expect(result.hasPrefix(start2), "seed \(seed): \(numbers)")
            if let text { #expect(result.hasSuffix("\(text)]"), "seed \(seed): \(numbers)") }
        }
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
