import JSON
import Testing

@Suite struct JSONWriterTests {
    @Test func putsCommasBetweenValuesOnly() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("a", 1)
            writer.array("b") { writer in
                writer.value("x")
                writer.object { _ in }
                writer.array { $0.null() }
                writer.value(true)
            }
            writer.member("c", 1.5)
            writer.member("d", ["k": nil] as JSON)
        }
        writer.newline()
        writer.value(2)
        #expect(writer.text == "{\"a\":1,\"b\":[\"x\",{},[null],true],\"c\":1.5,\"d\":{\"k\":null}}\n2")
    }

    @Test func escapesWhatMustBeEscapedAndNothingElse() throws {
        var writer = JSONWriter()
        let text = "\"\\/\u{8}\u{C}\n\r\t\u{1}\u{1F}\u{7F}é😀"
        writer.value(text)
        #expect(writer.text == #""\"\\/\b\f\n\r\t\u0001\u001f"# + "\u{7F}é😀\"")
        #expect(try JSON(parsing: writer.bytes).string == text)
    }

    @Test func copiesAParsedValueByteForByte() throws {
        let source = #"{"id": 12345678901234567890.0, "o":{ "x" : "\u0041" }}"#
        try JSONParser().withDocument(source) { root in
            var writer = JSONWriter()
            writer.object { $0.member("copy", root) }
            #expect(writer.text == "{\"copy\":\(source)}")
        }
    }

    @Test func keepsTheLiteralOfANumber() throws {
        #expect(try JSON(parsing: "[1.0,1e5,12345678901234567890]").description == "[1.0,1e5,12345678901234567890]")
        var writer = JSONWriter()
        writer.array { writer in
            writer.value(Double.infinity)
            writer.value(Double.nan)
            writer.value(UInt64.max)
        }
        #expect(writer.text == "[null,null,18446744073709551615]")
    }
}
