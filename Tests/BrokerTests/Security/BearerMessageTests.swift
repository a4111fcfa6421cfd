import Testing

@testable import Broker

@Suite struct BearerMessageTests {
    @Test func theClientsMessageIsReadAsTheRFCHasIt() throws {
        let plain = try #require(BearerMessage(Array("n,,\u{1}auth=Bearer a.b.c\u{1}\u{1}".utf8)))
        #expect(plain.token == "a.b.c" && plain.identity == nil)
        let full = try #require(
            BearerMessage(Array("n,a=alice,\u{1}tenant=x\u{1}auth=bearer  t\u{1}host=h\u{1}\u{1}".utf8))
        )
        #expect(full.token == "t" && full.identity == "alice")
        for bad in [
            "", "\u{1}", "n,,\u{1}\u{1}", "n,,\u{1}auth=Basic x\u{1}\u{1}", "y,,\u{1}auth=Bearer x\u{1}\u{1}",
            "n,,\u{1}auth=Bearer \u{1}\u{1}", "n,,\u{1}auth=Bearer x\u{1}", "n,b=c,\u{1}auth=Bearer x\u{1}\u{1}",
            "n,,\u{1}auth=Bearer x\u{1}auth=Bearer y\u{1}\u{1}",
        ] {
            #expect(BearerMessage(Array(bad.utf8)) == nil, "\(bad)")
        }
    }
}
