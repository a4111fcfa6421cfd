import Foundation
import Logging
import NIOPosix
import Synchronization
import TestFiles
import TestKit
import Testing

@testable import Tokens

/// The key set of an authority that changes its keys while the verifier is in use.
@Suite(.timeLimit(.minutes(1))) struct TokenKeysTests {
    private let folder = TemporaryFolder()
    private let old = TokenIssuer(keyID: "old")
    private let new = TokenIssuer(keyID: "new")
    /// Tokens of the tests do not expire meanwhile.
    private let start = Int64(Date().timeIntervalSince1970 * 1_000)

    private var path: String { folder.url.appending(path: "jwks.json").path }

    /// Replaces the file, as an atomic rename does.
    private func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    }

    private func verifier(logger: Logger = .quiet) async throws -> TokenVerifier {
        try await TokenVerifier.load(
            keySet: path,
            TokenRequirements(issuer: old.issuer, audience: ["busbar"]),
            on: .singleton,
            logger: logger
        )
    }

    private func isTaken(_ issuer: TokenIssuer, by verifier: TokenVerifier, after milliseconds: Int64) async throws
        -> Bool
    {
        let token = try issuer.token("alice", lifetime: .seconds(300))
        do {
            return try await verifier.verify(token, now: start + milliseconds).user == "alice"
        } catch {
            #expect(error.message == "the token's signature or form is wrong")
            return false
        }
    }

    @Test func aKeyThatHasComeIntoTheFileIsTakenWithoutARestart() async throws {
        try write(old.keySet)
        let verifier = try await verifier()
        #expect(try await isTaken(old, by: verifier, after: 0))
        #expect(try await !isTaken(new, by: verifier, after: 0))
        try write(TokenIssuer.keySet(of: [old, new]))
        #expect(try await isTaken(new, by: verifier, after: TokenKeys.patience))
        #expect(try await isTaken(old, by: verifier, after: TokenKeys.patience))
    }

    @Test func aKeyUnderAnOldNameIsTakenToo() async throws {
        let renewed = TokenIssuer(keyID: "old")
        try write(old.keySet)
        let verifier = try await verifier()
        #expect(try await isTaken(old, by: verifier, after: 0))
        try write(renewed.keySet)
        #expect(try await isTaken(renewed, by: verifier, after: TokenKeys.patience))
        #expect(try await !isTaken(old, by: verifier, after: TokenKeys.patience))
    }

    @Test func aKeyThatHasLeftTheFileIsTakenForTheIntervalAtMost() async throws {
        try write(TokenIssuer.keySet(of: [old, new]))
        let verifier = try await verifier()
        #expect(try await isTaken(old, by: verifier, after: 0))
        try write(new.keySet)
        #expect(try await isTaken(old, by: verifier, after: TokenKeys.interval - 1))
        #expect(try await !isTaken(old, by: verifier, after: TokenKeys.interval))
        #expect(try await isTaken(new, by: verifier, after: TokenKeys.interval))
    }

    @Test func refusedTokensMakeItLookOnceASecond() async throws {
        try write(old.keySet)
        let verifier = try await verifier()
        #expect(try await !isTaken(new, by: verifier, after: 0))
        try write(new.keySet)
        for milliseconds in [1, TokenKeys.patience - 1] {
            #expect(try await !isTaken(new, by: verifier, after: milliseconds))
        }
        #expect(try await isTaken(new, by: verifier, after: TokenKeys.patience))
    }

    @Test(arguments: ["", #"{"keys":[]}"#, #"{"keys":[{"kty":"oct","alg":"HS256","kid":"a","k":"AAAA"}]}"#])
    func aFileThatCannotBeUsedLeavesTheKeysFromBefore(_ text: String) async throws {
        try write(old.keySet)
        let verifier = try await verifier()
        try write(text)
        #expect(try await isTaken(old, by: verifier, after: TokenKeys.interval))
        try FileManager.default.removeItem(atPath: path)
        #expect(try await isTaken(old, by: verifier, after: 2 * TokenKeys.interval))
        try write(new.keySet)
        #expect(try await isTaken(new, by: verifier, after: 3 * TokenKeys.interval))
        #expect(try await !isTaken(old, by: verifier, after: 3 * TokenKeys.interval))
    }

    @Test func aFileThatCannotBeUsedIsSaid() async throws {
        try write(old.keySet)
        let log = LineLog()
        let verifier = try await verifier(logger: Logger(label: "test") { _ in log })
        try write("no keys")
        #expect(try await isTaken(old, by: verifier, after: 0))
        #expect(try await isTaken(old, by: verifier, after: TokenKeys.interval))
        #expect(log.lines.withLock { $0 } == ["the changed keys of tokens cannot be used; those from before stay"])
        try write(new.keySet)
        #expect(try await isTaken(new, by: verifier, after: 2 * TokenKeys.interval))
        #expect(log.lines.withLock { $0.last } == "the keys of tokens were read again")
    }

    @Test func aClockThatIsSetBackDoesNotKeepTheFileFromBeingRead() async throws {
        try write(old.keySet)
        let verifier = try await verifier()
        #expect(try await isTaken(old, by: verifier, after: 0))
        try write(TokenIssuer.keySet(of: [old, new]))
        #expect(try await isTaken(new, by: verifier, after: -60_000))
    }

    @Test func tokensThatComeTogetherWaitForOneLook() async throws {
        try write(old.keySet)
        let verifier = try await verifier()
        #expect(try await isTaken(old, by: verifier, after: 0))
        try write(new.keySet)
        let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask { try await isTaken(new, by: verifier, after: TokenKeys.interval) }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(taken == 50)
    }
}

/// The messages of a logger, in order.
private final class LineLog: LogHandler {
    let lines = Mutex<[String]>([])
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { lines.withLock { $0.append("\(event.message)") } }
}
