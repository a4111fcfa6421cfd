import JSON
import Testing

@Suite struct JSONParserTests {
    @Test func readsEveryKind() throws {
        try JSONParser().withDocument(#"{"a":[1,2.5,"x",true,false,null,{}]}"#) { root in
            #expect(root["a"]?.count == 7)
        }
    }
}
