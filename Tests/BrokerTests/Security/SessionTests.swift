import Testing

@testable import Broker

/// Who a connection's client is while tokens come and end (KIP-368).
@Suite struct SessionTests {
    private func session() -> Session {
        Session(client: .anonymous(host: "127.0.0.1"), needsAuthentication: true)
    }

    @Test func aTokensEndIsTheSessionsEndUntilAnotherIsShown() {
        let session = session()
        #expect(session.mayOnlyAuthenticate && !session.mayRenew(.oauthBearer))
        session.begin(.oauthBearer)
        #expect(session.succeed(as: "alice", until: 1_000))
        #expect(!session.mayOnlyAuthenticate && session.client.principal == "User:alice")
        #expect(!session.hasExpired(at: 999) && session.hasExpired(at: 1_000))
        #expect(session.mayRenew(.oauthBearer) && !session.mayRenew(.plain))
        session.begin(.oauthBearer)
        #expect(session.mayOnlyAuthenticate && session.client.principal == "User:alice")
        #expect(session.succeed(as: "alice", until: 2_000))
        #expect(!session.hasExpired(at: 1_500) && session.hasExpired(at: 2_000))
    }

    @Test func nobodyRenewsAsSomebodyElse() {
        let session = session()
        session.begin(.oauthBearer)
        #expect(session.succeed(as: "alice", until: 1_000))
        session.begin(.oauthBearer)
        #expect(!session.succeed(as: "mallory", until: 2_000))
        #expect(session.client.principal == "User:alice" && session.mayOnlyAuthenticate)
    }

    @Test func aPasswordHasNoEndAndIsNotRenewed() {
        let session = session()
        session.begin(.plain)
        session.succeed(as: "bob")
        #expect(!session.hasExpired(at: .max) && !session.mayRenew(.oauthBearer))
    }

    @Test func whoHasBeenToldWhyBeginsNoOtherExchange() {
        let session = session()
        session.begin(.oauthBearer)
        session.tell("the token has expired, or never does")
        #expect(session.toldReason != nil)
        session.begin(.plain)
        #expect(session.toldReason != nil && session.mechanism == nil)
        #expect(!session.succeed(as: "alice", until: 1_000))
        session.fail()
        #expect(session.toldReason == nil && session.mayOnlyAuthenticate)
    }
}
