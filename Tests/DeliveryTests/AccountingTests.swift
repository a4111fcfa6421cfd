import Delivery
import Testing

@Suite struct AccountingTests {
    @Test func deadLetterReasonsAreTheClosedListOfTheHeader() {
        let expected =
            "schema auth permission rate_limit timeout target_4xx target_5xx expression too_large decode policy expired unknown"
        #expect(DeadLetterReason.allCases.map(\.rawValue).joined(separator: " ") == expected)
    }

    @Test func everyOutcomeIsCountedApart() {
        for outcome in Outcome.allCases {
            var tally = Tally()
            tally.record(outcome, count: 3)
            #expect(tally.total == 3)
            for other in Outcome.allCases { #expect(tally[other] == (other == outcome ? 3 : 0)) }
        }
        #expect(Outcome.allCases.count == 16)
    }

    @Test func deadLettersAreSummedAndListedByReason() {
        var tally = Tally()
        tally.record(.delivered, count: 5)
        tally.record(.deadLettered(.policy), count: 1)
        tally.record(.deadLettered(.schema), count: 2)
        #expect(tally.deadLettered == 3)
        #expect(tally.deadLetters.map(\.reason) == [.schema, .policy])
        #expect(tally.deadLetters.map(\.count) == [2, 1])
    }

    @Test func aLostRecordShowsAsAPositiveResidueAndADoubleOneAsNegative() {
        var accounting = Accounting()
        accounting.onConsumed(3)
        accounting.onSettled(.delivered)
        accounting.inFlight = 2
        #expect(accounting.isBalanced)
        accounting.inFlight = 1
        #expect(accounting.residue == 1)
        accounting.inFlight = 2
        accounting.onSettled(.delivered)
        #expect(accounting.residue == -1)
    }

    @Test func metadataHasTheStatedForm() {
        var tally = Tally()
        tally.record(.delivered, count: 100)
        tally.record(.filtered, count: 5)
        tally.record(.deadLettered(.schema), count: 2)
        let text = "busbar1;consumed=107;delivered=100;filtered=5;schema=2"
        #expect(Accounting(committed: tally).metadata == text)
    }

    @Test func theLongestMetadataFitsACommit() {
        var tally = Tally()
        for outcome in Outcome.allCases { tally[outcome] = 62_499_999_999_999_999 }
        let text = Accounting(committed: tally).metadata
        #expect(text.utf8.count < 500)
        #expect(throws: Never.self) { try Accounting(metadata: text) }
    }

    @Test(arguments: Seed.all)
    func metadataComesBackAsItWas(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for step in 0..<2000 {
            var tally = Tally()
            for outcome in Outcome.allCases where random.chance(40) {
                tally.record(outcome, count: Int64(random.int(0...1_000_000_000)))
            }
            let accounting = Accounting(committed: tally)
            let back = try Accounting(metadata: accounting.metadata)
            try Disagreement.unless(back == accounting, accounting.metadata, step: step, seed: seed)
        }
    }

    @Test(
        arguments: [
            (nil, DeliveryError.Code.metadataAbsent), ("", .metadataAbsent),
            ("sarama", .metadataForeign), ("{\"a\":1}", .metadataForeign), (";", .metadataForeign),
            ("busbar-old;consumed=1", .metadataForeign),
            ("busbar2;consumed=0", .metadataVersion), ("busbar;consumed=0", .metadataVersion),
            ("busbar1", .metadataDamaged), ("busbar1;consumed=1", .metadataDamaged),
            ("busbar1;consumed=2;delivered=1", .metadataDamaged),
            ("busbar1;consumed=1;delivered=1;delivered=1", .metadataDamaged),
            ("busbar1;consumed=-1;delivered=-1", .metadataDamaged),
            ("busbar1;consumed=1;surprise=1", .metadataDamaged),
            ("busbar1;consumed=99999999999999999999;delivered=1", .metadataDamaged),
            ("busbar1;;consumed=0", .metadataDamaged), ("busbar1;consumed", .metadataDamaged),
        ] as [(String?, DeliveryError.Code)]
    )
    func metadataThatIsNotOursIsAnErrorAndNotACrash(text: String?, code: DeliveryError.Code) {
        let error = #expect(throws: DeliveryError.self) { try Accounting(metadata: text) }
        #expect(error?.code == code)
        #expect(error?.message.contains("Counting starts here") == true || error?.message.contains("counting") == true)
    }

    @Test(arguments: Seed.all)
    func randomMetadataNeverCrashes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = ["busbar1", ";", "=", "consumed", "delivered", "1", "-", "schema", "é", "\u{0}", "99999999999"]
        for _ in 0..<5000 {
            let text = (0..<random.int(0...9)).map { _ in pieces[random.int(0...pieces.count - 1)] }.joined()
            do {
                let isBalanced = try Accounting(metadata: text).isBalanced
                #expect(isBalanced, "seed \(seed): \(text)")
            } catch {
                #expect(error.code != .invalidSetting, "seed \(seed): \(text)")
            }
        }
    }
}
