import JSON
import Testing

@Suite struct JSONEqualityTests {
    func areEqual(_ left: String, _ right: String) throws -> Bool {
        try JSONParser().withDocument("[\(left),\(right)]") { root in
            let (first, second) = (try #require(root[0]), try #require(root[1]))
            let isEqual = first.isEqual(to: second)
            #expect(second.isEqual(to: first) == isEqual)
            let owned = (try JSON(first), try JSON(second))
            #expect((owned.0 == owned.1) == isEqual)
            if isEqual { #expect(first.structuralHash == second.structuralHash) }
            return isEqual
        }
    }

    @Test(arguments: [
        ("1", "1.0"), (#""a""#, #""\u0061""#), (#"{"a":1,"b":[2,{}]}"#, #"{"b":[2.0,{}],"\u0061":1e0}"#),
        ("[]", "[]"), ("null", "null"), ("[1,[2,[3]]]", "[1,[2,[3.0]]]"),
    ])
    func differentTextsOfOneValueAreEqual(left: String, right: String) throws {
        #expect(try areEqual(left, right))
    }

    @Test(arguments: [
        ("1", "true"), ("0", "false"), ("0", "null"), (#""1""#, "1"), ("[1,2]", "[2,1]"), ("[1]", "[1,1]"),
        (#"{"a":1}"#, #"{"a":2}"#), (#"{"a":1}"#, #"{"b":1}"#), (#"{"a":1}"#, #"{"a":1,"b":1}"#), ("{}", "[]"),
        (#""é""#, "\"e\u{301}\""), ("9007199254740993", "9007199254740992"), ("[[1]]", "[[2]]"),
    ])
    func differentValuesAreNot(left: String, right: String) throws {
        #expect(try !areEqual(left, right))
    }

    @Test func largeObjectsCompareInAnyOrder() throws {
        let names = (0..<2_000).map { "\"k\($0)\":[\($0)]" }
        let forward = "{" + names.joined(separator: ",") + "}"
        let backward = "{" + names.reversed().joined(separator: ",") + "}"
        #expect(try areEqual(forward, backward))
        #expect(try !areEqual(forward, "{" + names.dropLast().joined(separator: ",") + ",\"x\":1}"))
    }

    @Test func ofARepeatedNameOnlyTheLastIsCompared() throws {
        try JSONParser().withDocument(#"[{"a":1,"a":2},{"a":2},{"a":1,"b":2},{"a":2,"a":2}]"#) { root in
            let values = Array(root.elements)
            #expect(values[0].isEqual(to: values[1]))
            #expect(!values[0].isEqual(to: values[2]))
            #expect(values[3].isEqual(to: values[0]))
        }
    }
}

extension JSONEqualityTests {
    @Test func textsThatDifferInAnySingleByteAreNotEqual() throws {
        for count in 0..<40 {
            let text = String(repeating: "a", count: count)
            #expect(try areEqual("\"\(text)\"", "\"\(text)\""))
            for place in 0..<count {
                let other =
                    String(repeating: "a", count: place) + "b" + String(repeating: "a", count: count - place - 1)
                #expect(try !areEqual("\"\(text)\"", "\"\(other)\""), "length \(count), place \(place)")
            }
        }
    }
}
