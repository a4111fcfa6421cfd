import JSON
import Testing

@Suite struct JSONParserTests {
    @Test func readsEveryKind() throws {
        try JSONParser().withDocument(#" {"a":[1,-2.5e3,"x",true,false,null,{},[]]} "#) { root in
            let list = try #require(root["a"])
            #expect(
                list.elements.map(\.kind) == [
                    .number, .number, .string, .boolean, .boolean, .null, .object, .array,
                ]
            )
            #expect(list.count == 8)
            #expect(list[1]?.number?.double == -2500)
            #expect(list[3]?.boolValue == true && list[4]?.boolValue == false && list[5]?.isNull == true)
            #expect(list[8] == nil && list[-1] == nil && root[0] == nil && list["a"] == nil)
        }
    }

    @Test func keepsTheExactSourceOfEveryValue() throws {
        let source = #"{"big": 12345678901234567890.10, "o" : { "k":[ 1 , 2 ] }, "s":"\u00e9"}"#
        try JSONParser().withDocument(source) { root in
            #expect(text(root["big"]) == "12345678901234567890.10")
            #expect(text(root["o"]) == #"{ "k":[ 1 , 2 ] }"#)
            #expect(text(root["s"]) == #""\u00e9""#)
            #expect(text(root) == source)
            #expect(root["o"]?.byteOffset == 39)
        }
    }

    @Test(arguments: [
        ("", JSONError.Code.empty, 0, 1, 1),
        (" \n ", .empty, 3, 2, 2),
        ("[1,\n 2 x]", .unexpectedByte, 7, 2, 4),
        ("{\"é\": nul}", .invalidLiteral, 7, 1, 7),
        ("{\"a\" 1}", .unexpectedByte, 5, 1, 6),
        ("{a:1}", .unexpectedByte, 1, 1, 2),
        ("[1,]", .unexpectedByte, 3, 1, 4),
        ("[01]", .invalidNumber, 1, 1, 2),
        ("[1.]", .invalidNumber, 1, 1, 2),
        ("[-]", .invalidNumber, 1, 1, 2),
        ("[1e+]", .invalidNumber, 1, 1, 2),
        ("[NaN]", .invalidLiteral, 1, 1, 2),
        ("[\"a\u{1}\"]", .controlCharacter, 3, 1, 4),
        ("[\"\\x\"]", .invalidEscape, 2, 1, 3),
        ("[\"\\u12G4\"]", .invalidEscape, 2, 1, 3),
        ("[\"\\ud800\"]", .loneSurrogate, 2, 1, 3),
        ("[\"\\udc00\\ud800\"]", .loneSurrogate, 2, 1, 3),
        ("{} {}", .trailingBytes, 3, 1, 4),
        ("[1", .unexpectedEnd, 2, 1, 3),
        ("tru", .unexpectedEnd, 3, 1, 4),
        ("\u{FEFF}{}", .unexpectedByte, 0, 1, 1),
    ])
    func saysWhatIsWrongAndWhere(source: String, code: JSONError.Code, offset: Int, line: Int, column: Int) {
        let error = JSONParser().failure([UInt8](source.utf8))
        #expect(error?.code == code)
        #expect(error?.byteOffset == offset)
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test func errorTextIsASentenceWithThePosition() {
        let error = JSONParser().failure([UInt8]("{\"a\":1;}".utf8))
        #expect(
            error?.description
                == "1:7: a member of an object must be followed by ',' or '}', found ';' [unexpected_byte, byte 6]"
        )
    }

    @Test(arguments: [
        [0x80], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
    ])
    func refusesBytesThatAreNotUTF8(bytes: [UInt8]) {
        for padding in 0..<10 {
            let text = [UInt8](repeating: 0x61, count: padding)
            let document = [0x22] + text + bytes + text + [0x22]
            #expect(JSONParser().failure(document)?.code == .invalidUTF8)
            #expect(JSONParser().failure(document)?.byteOffset == padding + 1)
        }
    }

    @Test func readsStringsWhoseSpecialBytesFallOnAnyPlaceOfAWord() throws {
        let parser = JSONParser()
        for padding in 0..<20 {
            let plain = String(repeating: "a", count: padding)
            try parser.withDocument("[\"\(plain)\\n\(plain)é\(plain)😀\"]") { root in
                #expect(root[0]?.string == "\(plain)\n\(plain)é\(plain)😀")
                #expect(root[0]?.scalarCount == 3 * padding + 3)
            }
        }
    }

    @Test func resolvesEveryEscape() throws {
        try JSONParser().withDocument(#""\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC\ud83d\ude00\u0000""#) { root in
            #expect(root.string == "\"\\/\u{8}\u{C}\n\r\tAé€😀\0")
            #expect(root.scalarCount == 13)
            #expect(root.isString("\"\\/\u{8}\u{C}\n\r\tAé€😀\0"))
            #expect(!root.isString("\"\\/\u{8}\u{C}\n\r\tAé€😀"))
        }
    }

    @Test func findsMembersWhoseNamesAreEscaped() throws {
        try JSONParser().withDocument(#"{"\u0061b":1,"":2,"é":3}"#) { root in
            #expect(root["ab"]?.number?.int64 == 1)
            #expect(root[""]?.number?.int64 == 2)
            #expect(root["é"]?.number?.int64 == 3)
            // Another normalisation is another name.
            #expect(root["e\u{301}"] == nil)
        }
    }

    @Test func theLastOfARepeatedNameCounts() throws {
        try JSONParser().withDocument(#"{"a":1,"b":2,"\u0061":3}"#) { root in
            #expect(root["a"]?.number?.int64 == 3)
            #expect(root.count == 3)
            #expect(root.firstDuplicateKey?.string == "a")
        }
        let strict = JSONParser(limits: JSONLimits(rejectsDuplicateKeys: true))
        let error = strict.failure([UInt8](#"[{"a":1},{"a":{"b":1,"b":2}}]"#.utf8))
        #expect(error?.code == .duplicateKey)
        #expect(error?.byteOffset == 21)
        #expect(strict.failure([UInt8](#"[{"a":1},{"a":{"b":1,"c":"b"}}]"#.utf8)) == nil)
        let many = "{" + (0..<100).map { "\"k\($0)\":0" }.joined(separator: ",") + ",\"k7\":1}"
        #expect(strict.failure([UInt8](many.utf8))?.code == .duplicateKey)
    }

    @Test func aParserServesOneDocumentAfterTheOther() throws {
        let parser = JSONParser()
        for count in [1, 10_000, 3, 0, 200_000, 2] {
            let source = "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]"
            #expect(try parser.withDocument(source) { $0.count } == count)
            #expect(parser.failure([0x5B])?.code == .unexpectedEnd)
        }
    }

    private func text(_ value: JSONValue?) -> String? {
        value.map { String(decoding: $0.rawBytes, as: UTF8.self) }
    }
}
