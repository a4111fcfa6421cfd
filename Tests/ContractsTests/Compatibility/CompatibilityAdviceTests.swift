import Testing

@testable import Contracts

@Suite struct CompatibilityAdviceTests {
    @Test func everyRuleThatIsRefusedHasAdviceOfItsOwn() {
        let neverFound: Set<ConfluentRule> = [
            .reservedPropertyRemoved, .reservedPropertyConflictsWithProperty, .propertyAddedToOpenContentModel,
        ]
        for rule in ConfluentRule.allCases where rule.tolerance != .always && !neverFound.contains(rule) {
            #expect(CompatibilityAdvice.isKnown(rule.rawValue), "\(rule.rawValue)")
            for direction in [CompatibilityLevel.Direction.backward, .forward] {
                #expect(CompatibilityAdvice.sentences(for: rule.rawValue, direction: direction).count >= 2)
            }
        }
    }

    @Test func adviceNamesThePolicyAndTheLevelThatWouldAllowIt() {
        let added = CompatibilityAdvice.sentences(for: "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL")
        #expect(added.first?.contains("additionalProperties: false") == true)
        #expect(added.contains { $0.hasPrefix("Policy lenient allows it") })
        #expect(added.contains { $0.hasPrefix("Level forward allows it") })
        let changed = CompatibilityAdvice.sentences(for: "TYPE_CHANGED")
        #expect(!changed.contains { $0.hasPrefix("Policy") || $0.hasPrefix("Level") })
        #expect(CompatibilityAdvice.sentences(for: "OF_ANOTHER_POLICY").count == 1)
    }

    @Test func theMirrorOfARuleIsTheSameChangeTheOtherWayRound() {
        #expect(ConfluentRule.maxLengthAdded.mirrored == .maxLengthRemoved)
        #expect(ConfluentRule.multipleOfExpanded.mirrored == .multipleOfReduced)
        #expect(ConfluentRule.typeNarrowed.mirrored == .typeExtended)
        #expect(ConfluentRule.itemAddedToOpenContentModel.mirrored == .itemRemovedFromOpenContentModel)
        #expect(ConfluentRule.typeChanged.mirrored == nil)
    }

    @Test func aFullCheckComparesBothWaysAndAdvisesEach() throws {
        let old = try ComparedSchema([UInt8](#"{"properties":{"a":true,"b":true},"required":["a"]}"#.utf8), version: 1)
        let new = try ComparedSchema([UInt8](#"{"properties":{"a":true,"b":true},"required":["b"]}"#.utf8), version: 2)
        let check = CompatibilityCheck(of: new, after: [old], level: .full, policy: .confluent)
        #expect(check.verdict == .incompatible)
        #expect(check.findings.map(\.direction) == [.backward, .forward])
        let advice = check.findings.map { finding in
            finding.comparison.differences.first { $0.effect == .incompatible }?.advice.first
        }
        #expect(
            advice == [
                "Keep the property optional.", "Keep the property required: readers of the old version rely on it.",
            ]
        )
    }

    @Test func transitiveLevelsCompareWithEveryVersion() throws {
        let versions = try [#"{"maximum":9}"#, #"{"maximum":5}"#].enumerated().map { index, text in
            try ComparedSchema([UInt8](text.utf8), version: index + 1)
        }
        let new = try ComparedSchema([UInt8](#"{"maximum":7}"#.utf8))
        let latest = CompatibilityCheck(of: new, after: versions, level: .backward, policy: .confluent)
        #expect(latest.verdict == .compatible)
        let all = CompatibilityCheck(of: new, after: versions, level: .backwardTransitive, policy: .confluent)
        #expect(all.verdict == .incompatible)
        #expect(all.findings.map(\.against) == [2, 1])
    }
}
