import Testing

@testable import JSON

/// To Swift's `String` these texts are equal; to JSON they are not.
@Suite struct JSONNameTests {
    static let equivalents = [
        ("\u{E9}", "e\u{301}"), ("\u{212B}", "A\u{30A}"), ("\u{212A}", "K"), ("a\u{323}\u{302}", "a\u{302}\u{323}"),
        (String(repeating: "x", count: 40) + "\u{E9}", String(repeating: "x", count: 40) + "e\u{301}"),
    ]

    @Test(arguments: equivalents) func equivalentTextsAreTwoNames(one: String, other: String) {
        #expect(one == other)
        #expect(JSONName(one) != JSONName(other))
        #expect(Set([JSONName(one), JSONName(other), JSONName(one)]).count == 2)
        #expect((JSONName(one) < JSONName(other)) != (JSONName(other) < JSONName(one)))
        #expect(JSON.object([(one, 1), (other, 2)])[one] == 1)
    }

    @Test(arguments: equivalents) func equivalentPointersAreTwoPlaces(one: String, other: String) {
        let (left, right) = (JSONPointer(tokens: ["a", one]), JSONPointer(tokens: ["a", other]))
        #expect(left != right)
        #expect(Set([left, right, left]).count == 2)
    }

    @Test func textsOfEveryLengthEqualThemselvesAndNothingElse() {
        for count in 0..<40 {
            let text = String(repeating: "a", count: count)
            // Another text in memory than the one above.
            let same = String(decoding: Array(text.utf8), as: UTF8.self)
            #expect(equalScalars(text, same))
            #expect(JSONName(text).hashValue == JSONName(same).hashValue)
            for index in 0..<count {
                var bytes = Array(text.utf8)
                bytes[index] = UInt8(ascii: "b")
                #expect(!equalScalars(text, String(decoding: bytes, as: UTF8.self)))
            }
            #expect(!equalScalars(text, text + "a"))
        }
    }
}
