import Foundation
import TestFiles
import Testing

@testable import Broker

@Suite struct AuthorizerTests {
    private let folder = TemporaryFolder()

    private func authorizer(allowsWithoutRule: Bool = false, rules: [AccessRule] = []) throws -> Authorizer {
        let authorizer = try Authorizer(
            file: folder.path + "/acls.json",
            settings: .init(superUsers: ["User:admin"], allowsWithoutRule: allowsWithoutRule)
        )
        try authorizer.add(rules)
        return authorizer
    }

    private func rule(
        _ name: String,
        _ operation: AccessOperation,
        allowed: Bool = true,
        pattern: PatternType = .literal,
        principal: String = "User:bob",
        host: String = "*"
    ) -> AccessRule {
        AccessRule(
            resourceType: .topic,
            resourceName: name,
            patternType: pattern,
            principal: principal,
            host: host,
            operation: operation,
            isAllowed: allowed
        )
    }

    private let bob = Client(principal: "User:bob", host: "10.0.0.1")

    @Test func withoutSettingsEverybodyMayDoEverything() throws {
        let authorizer = try Authorizer(file: folder.path + "/acls.json", settings: nil)
        #expect(authorizer.allows(.anonymous(host: ""), .delete, .topic, "t"))
        #expect(!authorizer.isEnabled)
    }

    @Test func aSuperUserMayDoEverythingAndOthersNothing() throws {
        let authorizer = try authorizer()
        #expect(authorizer.allows(Client(principal: "User:admin", host: "x"), .alter, .cluster, "kafka-cluster"))
        #expect(!authorizer.allows(bob, .read, .topic, "t"))
    }

    @Test func anAllowHoldsForItsOperationAndWhatThatImplies() throws {
        let authorizer = try authorizer(rules: [rule("t", .read)])
        #expect(authorizer.allows(bob, .read, .topic, "t"))
        #expect(authorizer.allows(bob, .describe, .topic, "t"))
        #expect(!authorizer.allows(bob, .write, .topic, "t"))
        #expect(!authorizer.allows(bob, .read, .group, "t"))
        #expect(!authorizer.allows(Client(principal: "User:eve", host: "10.0.0.1"), .read, .topic, "t"))
    }

    @Test func aDenyWinsOverEveryAllow() throws {
        let authorizer = try authorizer(rules: [
            rule("t", .all, pattern: .prefixed), rule("t", .write, allowed: false, principal: "User:*"),
        ])
        #expect(!authorizer.allows(bob, .write, .topic, "t"))
        #expect(authorizer.allows(bob, .write, .topic, "t2"))
    }

    @Test func aRuleForOneHostDoesNotHoldForOthers() throws {
        let authorizer = try authorizer(rules: [rule("*", .read, host: "10.0.0.2")])
        #expect(!authorizer.allows(bob, .read, .topic, "t"))
        #expect(authorizer.allows(Client(principal: "User:bob", host: "10.0.0.2"), .read, .topic, "t"))
    }

    @Test func whatNoRuleCoversIsOpenOnlyWhereTheSettingsSaySo() throws {
        let authorizer = try authorizer(allowsWithoutRule: true, rules: [rule("t", .read, principal: "User:eve")])
        #expect(authorizer.allows(bob, .read, .topic, "other"))
        #expect(!authorizer.allows(bob, .read, .topic, "t"))
    }

    @Test func anAllowThatIsTakenBackWholeIsNoneForIdempotentProducers() throws {
        let some = [rule("t", .write), rule("p", .all, pattern: .prefixed)]
        #expect(try authorizer(rules: some).allowsAny(bob, .write, .topic))
        #expect(try !authorizer().allowsAny(bob, .read, .group))
        let denies = [rule("t", .write, allowed: false), rule("pq", .all, allowed: false, pattern: .prefixed)]
        let authorizer = try authorizer(rules: denies)
        #expect(authorizer.allowsAny(bob, .write, .topic))  // of `p…` all but `pq…` is left
        try authorizer.add([rule("", .write, allowed: false, pattern: .prefixed)])
        #expect(!authorizer.allowsAny(bob, .write, .topic))
        #expect(!authorizer.allowsAny(Client(principal: "User:eve", host: ""), .write, .topic))
    }

    @Test func withoutRulesAnOpenBrokerLetsProducersBeIdempotentUntilAllIsDenied() throws {
        let authorizer = try authorizer(allowsWithoutRule: true)
        #expect(authorizer.allowsAny(bob, .write, .topic))
        try authorizer.add([rule("t", .write, allowed: false)])
        #expect(authorizer.allowsAny(bob, .write, .topic))
        try authorizer.add([rule("*", .all, allowed: false)])
        #expect(!authorizer.allowsAny(bob, .write, .topic))
    }

    @Test func rulesAreThereAfterARestartAndGoWhenRemoved() throws {
        _ = try authorizer(rules: [rule("t", .read)])
        let again = try authorizer()
        #expect(again.all == [rule("t", .read)])
        #expect(try again.remove { $0.resourceName == "t" } == [rule("t", .read)])
        #expect(try authorizer().all.isEmpty)
    }
}
