import JSON
import Testing

@Suite struct JSONDuplicateTests {
    private func error(_ text: String) -> JSONError? {
        do {
            try JSONParser(limits: JSONLimits(rejectsDuplicateKeys: true)).withDocument(text) { _ in }
            return nil
        } catch {
            return error as? JSONError
        }
    }

    @Test func aMemberThatIsThereTwiceIsSaidWithItsPointerAndBothPlaces() {
        let found = error("{\n  \"a\": [0, {\n    \"b/c\": 1,\n    \"b/c\": 2\n  }]\n}")
        #expect(
            found?.description == "4:5: the object has the member /a/1/b~1c already, at 3:5 [duplicate_key, byte 33]"
        )
        #expect(error(#"{"a":1,"a":2}"#)?.message == "the object has the member /a already, at 1:2")
    }

    @Test func namesAreComparedByTheirMeaning() {
        #expect(error(#"{"a":1,"b":{"x":1},"\u0061":2}"#)?.column == 20)
        #expect(error("{\"\u{E9}\":1,\"e\u{301}\":2}") == nil)
        #expect(error(#"{"a":{"a":{"a":1}},"b":["a","a"]}"#) == nil)
    }

    @Test func theFirstObjectOfTheDocumentIsReported() {
        #expect(error(#"{"x":{"a":1,"a":2},"y":1,"y":2}"#)?.message.contains("/y ") == true)
        let many = (0..<40).map { #""k\#($0)":0"# }.joined(separator: ",")
        #expect(error("[[],{\(many),\"k7\":{}}]")?.message == "the object has the member /1/k7 already, at 1:55")
    }
}
