import JSON
import Testing

@Suite struct JSONPointerTests {
    /// The document and the table of RFC 6901 section 5.
    static let document = #"""
        {"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}
        """#

    @Test(arguments: [
        ("/foo/0", #""bar""#), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"),
        ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"), ("/foo", #"["bar","baz"]"#),
    ])
    func followsTheExamplesOfTheStandard(text: String, expected: String) throws {
        let pointer = try JSONPointer(text)
        #expect(pointer.description == text)
        try JSONParser().withDocument(Self.document) { root in
            #expect(root[pointer: pointer].map { String(decoding: $0.rawBytes, as: UTF8.self) } == expected)
            let owned = try JSON(root)
            #expect(owned[pointer: pointer]?.description == expected)
        }
    }

    @Test(arguments: ["/foo/2", "/foo/00", "/foo/-", "/foo/-1", "/foo/bar", "/x", "/foo/0/x", "/foo/", "//"])
    func leadsNowhereWhereNothingIs(text: String) throws {
        try JSONParser().withDocument(Self.document) { root in
            let pointer = try JSONPointer(text)
            #expect(root[pointer: pointer] == nil)
        }
    }

    @Test(arguments: ["foo", "/a~", "/a~2", "#/a"])
    func refusesWhatIsNoPointer(text: String) {
        #expect(throws: JSONError.self) { try JSONPointer(text) }
    }

    @Test func theEmptyPointerIsTheDocument() throws {
        #expect(try JSONPointer("").tokens.isEmpty)
        #expect(JSONPointer().appending("a/b").appending(0).description == "/a~1b/0")
    }
}
