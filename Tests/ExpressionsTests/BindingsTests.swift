import JSON
import Testing

@testable import Expressions

@Suite struct BindingsTests {
    private let bindings = Bindings(
        headers: [("ce_id", "a1"), ("x", "first"), ("x", "last")],
        key: "k-1",
        meta: Bindings.Meta(topic: "t", partition: 3, offset: 42, timestamp: 1_700_000_000_000, connector: "c")
    )

    @Test func bindsHeadersKeyAndMeta() throws {
        #expect(try evaluate("$headers", "1", bindings: bindings) == [#"{"ce_id":"a1","x":"last"}"#])
        #expect(try evaluate("$key + $headers.ce_id", "1", bindings: bindings) == [#""k-1a1""#])
        #expect(
            try evaluate("$meta", "1", bindings: bindings)
                == [#"{"topic":"t","partition":3,"offset":42,"timestamp":1700000000000,"connector":"c"}"#]
        )
    }

    @Test func bindsNullForAMissingKeyAndUnknownMeta() throws {
        #expect(try evaluate("[$key, $meta.topic, $meta.offset, $headers]") == ["[null,null,null,{}]"])
    }

    @Test func keepsThePayloadAsTheInput() throws {
        #expect(
            try evaluate(".a, $key, (.b | $meta.topic)", #"{"a":1}"#, bindings: bindings) == ["1", #""k-1""#, #""t""#]
        )
        #expect(try evaluate("def f: $key; .a |= f", #"{"a":1}"#, bindings: bindings) == [#"{"a":"k-1"}"#])
        #expect(try evaluate("path(.a)", #"{"a":1}"#, bindings: bindings) == [#"["a"]"#])
        #expect(try evaluate("path(.a | select($key))", #"{"a":1}"#, bindings: bindings) == [#"["a"]"#])
    }

    @Test func letsAProgramRebindTheNames() throws {
        #expect(try evaluate(#"1 as $key | $key"#, bindings: bindings) == ["1"])
    }

    @Test func bindsWholeOffsetsBeyondDoubles() throws {
        let far = Bindings(meta: Bindings.Meta(offset: .max))
        #expect(try evaluate("$meta.offset", bindings: far) == ["9223372036854775807"])
        #expect(try evaluate("\"\\($meta.offset)\"", bindings: far) == [#""9223372036854775807""#])
    }

    @Test func takesEachRecordsOwnBindings() throws {
        let evaluator = try Evaluator(Program("$key"))
        let parser = JSONParser()
        for key in ["a", "b", nil] {
            var bytes: [UInt8] = []
            try parser.withDocument("null") { try evaluator.map($0, bindings: Bindings(key: key), into: &bytes) }
            #expect(String(decoding: bytes, as: UTF8.self) == key.map { "\"\($0)\"" } ?? "null")
        }
    }
}
