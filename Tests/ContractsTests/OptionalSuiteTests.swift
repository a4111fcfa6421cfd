import Contracts
import JSON
import Testing

/// The optional tests, formats first. What is not met is listed with its reason: a change of either sort fails.
@Suite struct OptionalSuiteTests {
    /// Tests that are not met: file, group and test, as far as they name one; and why.
    static let unmet: [(test: String, reason: String)] = [
        (
            "zeroTerminatedFloats.json",
            "an integer is one by value in every draft, as draft-06 and later say: 1.0 and 1 are the same number"
        ),
        (
            "draft-07 content.json: validation of binary string-encoding: an invalid base64 string",
            "content* are annotations in every draft, as 2019-09 and later say"
        ),
        ("documents: a validly-encoded invalid JSON document", "content* are annotations"),
        ("documents: an invalid base64 string that is valid JSON", "content* are annotations"),
        ("based on media type: an invalid JSON document", "content* are annotations"),
    ]

    struct Count: Equatable {
        var passed = 0
        var total = 0
    }

    /// What came out: counts by draft and file, and the tests that were not met.
    struct Outcome {
        var counts: [String: [String: Count]] = [:]
        var failures: [String] = []

        func passed(_ draft: String, formats: Bool) -> Count {
            var sum = Count()
            for (file, count) in counts[draft] ?? [:] where file.hasPrefix("format/") == formats {
                sum.passed += count.passed
                sum.total += count.total
            }
            return sum
        }
    }

    private static let outcome = Result { try run() }

    private static func run() throws -> Outcome {
        let resolver = try OptionalSuite.resolver()
        let parser = JSONParser()
        let scratch = ValidationScratch()
        var outcome = Outcome()
        for group in try OptionalSuite.groups("optional.ndjson") {
            let isFormat = group.file.hasPrefix("format/")
            let title = "\(group.draft.rawValue) \(group.file): \(group.description)"
            let contract: Contract
            do throws(ContractError) {
                contract = try Contract(
                    compiling: group.contractSchema,
                    resolver: resolver,
                    formats: isFormat ? .assertion : .annotation
                )
            } catch {
                outcome.failures.append("\(title): \(error)")
                outcome.counts[group.draft.rawValue, default: [:]][group.file, default: Count()].total +=
                    group.tests.count
                continue
            }
            for test in group.tests {
                let isMet = try parser.withDocument(test.data.bytes) { root in
                    contract.isValid(root, using: scratch) == test.isValid
                        && contract.violations(of: root).isEmpty == test.isValid
                }
                outcome.counts[group.draft.rawValue, default: [:]][group.file, default: Count()].total += 1
                if isMet {
                    outcome.counts[group.draft.rawValue, default: [:]][group.file, default: Count()].passed += 1
                } else {
                    outcome.failures.append("\(title): \(test.description)")
                }
            }
        }
        return outcome
    }

    @Test func agreesWithEveryOptionalTestThatIsNotListed() throws {
        let outcome = try Self.outcome.get()
        let unexpected = outcome.failures.filter { failure in !Self.unmet.contains { failure.contains($0.test) } }
        #expect(unexpected.isEmpty, "\(unexpected.joined(separator: "\n"))")
        for (test, reason) in Self.unmet {
            #expect(
                outcome.failures.contains { $0.contains(test) },
                "\(test) is met now; it was not, because \(reason)"
            )
        }
    }

    /// Formats, then the others, for each draft, so that a missing file cannot pass unseen.
    @Test(arguments: [
        (SchemaDraft.draft4, 219, 100), (.draft6, 325, 106), (.draft7, 676, 118), (.draft201909, 757, 158),
        (.draft202012, 764, 162),
    ])
    func runsAsManyTestsAsTheSuiteHas(draft: SchemaDraft, formats: Int, others: Int) throws {
        let outcome = try Self.outcome.get()
        #expect(outcome.passed(draft.rawValue, formats: true) == Count(passed: formats, total: formats))
        #expect(outcome.passed(draft.rawValue, formats: false).total == others)
    }
}
