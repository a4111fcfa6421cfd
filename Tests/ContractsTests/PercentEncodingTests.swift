import Contracts
import Testing

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("aZ09-._~", "aZ09-._~"), ("", ""), ("a b", "a%20b"), ("a/b?c=d&e", "a%2Fb%3Fc%3Dd%26e"), ("100%", "100%25"),
        ("ä", "%C3%A4"), ("\u{1}", "%01"), ("a\u{10FFFF}", "a%F4%8F%BF%BF"),
    ])
    func ofAComponentOnlyUnreservedCharactersStay(text: String, encoded: String) {
        #expect(PercentEncoding.component(text) == encoded)
    }

    @Test func aPathKeepsItsSlashesAndNoColon() {
        #expect(PercentEncoding.path("schemas/a b/v1@x(2).json") == "schemas/a%20b/v1@x(2).json")
        #expect(PercentEncoding.path("a:b/c?d#e[f]") == "a%3Ab/c%3Fd%23e%5Bf%5D")
    }

    @Test func aFragmentKeepsWhatAPointerMayHold() {
        #expect(PercentEncoding.fragment("/properties/a~1b/x:y?z") == "/properties/a~1b/x:y?z")
        #expect(PercentEncoding.fragment("/$defs/a\"b/^x#") == "/$defs/a%22b/%5Ex%23")
    }
}
