import Contracts
import JSON
import Testing

@Suite struct ViolationTests {
    @Test func namesThePlaceTheKeywordAndTheKinds() throws {
        let contract = try Contract(compiling: ["properties": ["a": ["items": ["type": "string"]]]] as JSON)
        let text = try JSONParser().withDocument(#"{"a":[1]}"#) { root in
            var writer = JSONWriter()
            writer.verdict(index: 0, violations: contract.violations(of: root))
            return writer.text
        }
        #expect(
            text
                == #"{"index":0,"valid":false,"errors":[{"instance":"/a/0","keyword":"/properties/a/items/type","#
                + #""message":"/a/0 is a number, the contract asks for a string"}]}"#
        )
    }
}
