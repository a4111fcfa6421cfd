import Demo
import JSON
import Testing

@Suite struct GitHubDayTests {
    private static let day = GitHubDay(secret: "hush")
    /// Written once: in a debug build that takes a second or two.
    private static let deliveries = Array(day)

    @Test func theSameSeedGivesTheSameBytes() {
        let one = GitHubDay(secret: "hush", count: 300, seed: 7)
        let other = GitHubDay(secret: "hush", count: 300, seed: 7)
        #expect(zip(one, other).allSatisfy { $0.id == $1.id && $0.body == $1.body })
        #expect(one.truth.tickets == other.truth.tickets)
        let third = GitHubDay(secret: "hush", count: 300, seed: 8)
        #expect(zip(one, third).allSatisfy { $0.id != $1.id })
    }

    @Test func theBytesOfADayNeverChangeUnnoticed() {
        // FNV-1a over ids and bodies: a change of the generator is a change of the truth that others rely on.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for delivery in GitHubDay(secret: "hush", count: 100, seed: 1, maxBody: 1 << 10) {
            for byte in delivery.id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            for byte in delivery.body { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        #expect(String(hash, radix: 16) == "872995a2e162e4e9")
    }

    @Test func aDayHasTheTrafficThatTheDemoPromises() {
        let day = Self.day
        #expect(day.count >= 2_000)
        #expect(day.eventCounts.count >= 8)
        #expect(day.eventCounts.values.allSatisfy { $0 > 5 })
        #expect(day.truth.tickets.count > 50)
        #expect(day.truth.tickets.contains { $0.state == .closed })
        #expect(day.truth.tickets.contains { $0.externalKey.hasPrefix("incident/") && $0.events.count > 1 })
        #expect(day.truth.ticketRequests > 95, "the standard outage needs 95 requests")
        #expect(Set(day.truth.statuses.keys) == [202, 401, 413, 415])
    }

    @Test func bodiesAreJSONOfOneToTwentyKilobytes() throws {
        var sizes: [Int] = []
        for delivery in Self.deliveries {
            switch delivery.expected {
            case .deadLettered("decode"):
                #expect(throws: JSONError.self) { _ = try JSONDocument(delivery.body) }
            case .refused(413):
                #expect(delivery.body.count > Self.day.maxBody)
                _ = try JSONDocument(delivery.body)
            default:
                _ = try JSONDocument(delivery.body)
                sizes.append(delivery.body.count)
            }
        }
        #expect(sizes.allSatisfy { (1_000...20_480).contains($0) }, "\(sizes.min() ?? 0)...\(sizes.max() ?? 0)")
    }

    @Test func idsBeyondDoublesAndEmojiAreAmongTheBodies() throws {
        let bodies = Self.deliveries.prefix(200).map { String(decoding: $0.body, as: UTF8.self) }
        #expect(bodies.contains { $0.contains("9007199254740993") })
        #expect(bodies.contains { $0.contains("🔥") })
    }

    @Test func onlyWhatIsToBeAcceptedIsSignedRightly() {
        for delivery in Self.deliveries {
            let signature = delivery.headers.first { $0.name == HubSignature.header }?.value
            let isRight = signature == HubSignature.signature(delivery.body, secret: Array("hush".utf8))
            #expect(isRight == (delivery.expected.status != 401))
        }
    }

    @Test func aRedeliveryRepeatsAnAcceptedDeliveryByteForByte() throws {
        var stored: [String: (body: [UInt8], lane: Int)] = [:]
        var redeliveries = 0
        for delivery in Self.deliveries {
            if delivery.isRedelivery {
                redeliveries += 1
                let original = try #require(stored[delivery.id])
                #expect(original.body == delivery.body && original.lane == delivery.lane)
            } else if case .stored = delivery.expected {
                #expect(stored.updateValue((delivery.body, delivery.lane), forKey: delivery.id) == nil)
            }
        }
        #expect(redeliveries > 30)
    }

    @Test func aRefusedDeliveryComesAgainWithTheRightSignature() {
        let refused = Set(Self.deliveries.filter { $0.expected == .refused(status: 401) }.map(\.id))
        let stored = Self.deliveries.filter { if case .stored = $0.expected { true } else { false } }.map(\.id)
        #expect(!refused.isDisjoint(with: stored))
    }

    @Test func aShortDayHasSomeOfEverythingToo() {
        let truth = GitHubDay(secret: "hush", count: GitHubDay.leastCount).truth
        #expect(Set(truth.statuses.keys) == [202, 401, 413, 415])
        #expect(truth.accounts.values.allSatisfy { $0.residue == 0 && $0.consumed > 0 })
        #expect(truth.accounts["github-events"]?.deadLettered.keys.sorted() == ["decode", "schema"])
    }
}
