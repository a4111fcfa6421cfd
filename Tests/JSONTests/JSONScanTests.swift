import JSON
import Testing

/// Strings are read sixteen bytes at a time and white space eight: what stops them must be seen at every place.
@Suite struct JSONScanTests {
    private func code(_ parser: JSONParser, _ document: [UInt8]) -> JSONError.Code? { parser.failure(document)?.code }

    @Test(arguments: 0...40)
    func everyByteIsSeenAtEveryPlaceOfAString(count: Int) throws {
        let parser = JSONParser()
        let plain = [UInt8](repeating: UInt8(ascii: "x"), count: count)
        let bytes: [UInt8] = [0x00, 0x09, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7F, 0x80, 0xC1, 0xC3, 0xFF]
        for tail in ["", ",1", ",\"\(String(repeating: "y", count: 20))\""].map({ Array($0.utf8) }) {
            for place in 0..<count {
                for byte in bytes {
                    var text = plain
                    text[place] = byte
                    let document = Array("[\"".utf8) + text + Array("\"".utf8) + tail + Array("]".utf8)
                    let found = code(parser, document)
                    let about: Comment = "byte \(byte) at \(place) of \(count)"
                    switch byte {
                    case 0x00, 0x09, 0x1F: #expect(found == .controlCharacter, about)
                    case 0x80, 0xC1, 0xC3, 0xFF: #expect(found == .invalidUTF8, about)
                    // `\x` is no escape, `\"` opens what then has no end or no comma.
                    case 0x5C: #expect(found != nil, about)
                    case 0x22: #expect(found == .unexpectedByte, about)
                    default: #expect(found == nil, about)
                    }
                }
            }
        }
    }

    @Test(arguments: 0...40)
    func whatStandsAfterPlainTextIsKept(count: Int) throws {
        let plain = String(repeating: "x", count: count)
        for insert in ["\\n", "\\u00e9", "\\ud83d\\ude00", "é", "😀", "\u{800}", "\u{10FFFF}"] {
            for place in [0, count / 2, count] {
                let text = plain.prefix(place) + insert + plain.dropFirst(place)
                let expected = insert.hasPrefix("\\") ? try JSON(parsing: "\"\(insert)\"").string ?? "" : insert
                try JSONParser().withDocument("{\"\(text)\":[\"\(text)\"]}") { root in
                    let value = String(plain.prefix(place)) + expected + plain.dropFirst(place)
                    #expect(root[value]?[0]?.string == value)
                    #expect(root[value]?[0]?.isEscaped == insert.hasPrefix("\\"))
                }
            }
        }
    }

    @Test(arguments: 0...40)
    func whiteSpaceOfAnyLengthIsPassed(count: Int) throws {
        for blank in [" ", "\n", "\t", "\r", "\n    ", "        \n"] {
            let space = String(repeating: blank, count: count)
            let document =
                "\(space){\(space)\"a\"\(space):\(space)[\(space)1\(space),\(space)-0.5e2\(space)]\(space)}\(space)"
            try JSONParser().withDocument(document) { root in
                #expect(root["a"]?.count == 2)
                #expect(root["a"]?[1]?.number?.double == -50)
            }
            #expect(code(JSONParser(), Array("\(space)\u{B}1".utf8)) == .unexpectedByte)
        }
    }

    @Test func aDocumentEndsWhereItsBytesEnd() {
        let parser = JSONParser()
        // Each prefix lies in a buffer whose next bytes would complete it.
        for document in [#"["abcdefghijklmnopqrstuvwxyz"]"#, "[true,false,null]", "[-12.5e+10,0]", #"{"a":{"b":[]}}"#] {
            let bytes = Array(document.utf8)
            bytes.withUnsafeBytes { all in
                for count in 1..<all.count {
                    let prefix = UnsafeRawBufferPointer(rebasing: all[..<count])
                    #expect(throws: JSONError.self, "\(count) bytes of \(document)") {
                        try parser.withDocument(prefix) { $0.totalCount }
                    }
                }
            }
        }
    }
}
