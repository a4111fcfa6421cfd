import Contracts
import JSON
import SchemaCheck
import Testing

@Suite(.timeLimit(.minutes(1))) struct SubjectReviewTests {
    private static let v1 =
        #"{"$id":"x","$schema":"http://json-schema.org/draft-07/schema#","type":"string","maxLength":9}"#
    private static let wider = Self.v1.replacing("9", with: "20")
    private static let narrower = Self.v1.replacing("9", with: "5")

    @Test func whatIsAsReleasedIsNotLookedInto() async {
        let files = ["orders/v1.json": "no JSON", "users/v1.json": Self.v1]
        let report = await CheckInput.check(files, released: files)
        #expect(report.subjects.isEmpty)
        #expect(report.summary == "0 errors, 0 warnings in 0 of 2 subjects; 0 changed against before")
    }

    @Test func aCompatibleVersionIsFine() async {
        let report = await CheckInput.check(
            ["orders/v1.json": Self.v1, "orders/v2.json": Self.wider],
            released: ["orders/v1.json": Self.v1]
        )
        #expect(report.findings.isEmpty)
        #expect(report.subjects.map(\.versions) == [[2]])
    }

    @Test func anIncompatibleVersionHasADocumentThatProvesIt() async throws {
        let report = await CheckInput.check(
            ["orders/v1.json": Self.v1, "orders/v2.json": Self.narrower],
            released: ["orders/v1.json": Self.v1]
        )
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1)
        #expect(finding.rule == "MAX_LENGTH_DECREASED")
        #expect(finding.severity == .error)
        #expect(finding.place == .init("schemas/orders/v2.json", pointer: "/maxLength", line: 1, column: 92))
        let change = try #require(finding.change)
        #expect(change.against == [1])
        #expect(change.old == 9)
        #expect(change.new == 5)
        let document = try #require(change.counterexample)
        let old = try Contract(compiling: Array(Self.v1.utf8))
        let new = try Contract(compiling: Array(Self.narrower.utf8))
        try JSONDocument(document.bytes).withRoot { root in
            #expect(old.violations(of: root).isEmpty)
            #expect(!new.violations(of: root).isEmpty)
        }
        #expect(!finding.advice.isEmpty)
    }

    @Test func theLevelOfTheSubjectDecides() async {
        func check(_ level: String) async -> [String] {
            await CheckInput.check(
                [
                    "orders/subject.yaml": "owner: shop\ncompatibility: \(level)\n", "orders/v1.json": Self.v1,
                    "orders/v2.json": Self.wider,
                ],
                released: ["orders/v1.json": Self.v1]
            ).errorPlaces
        }
        #expect(await check("backward") == [])
        #expect(await check("none") == [])
        let forward = ["MAX_LENGTH_DECREASED orders v2 schemas/orders/v2.json:1:92"]
        #expect(await check("forward") == forward)
        #expect(await check("full") == forward)
    }

    @Test func theLevelOfTheCommandWins() async {
        let files = ["orders/v1.json": Self.v1, "orders/v2.json": Self.narrower]
        let report = await CheckInput.check(files, released: ["orders/v1.json": Self.v1]) { $0.level = .forward }
        #expect(report.findings.isEmpty)
        #expect(report.subjects.first?.level == .forward)
    }

    @Test func aTransitiveLevelComparesWithEveryVersionAndSaysItOnce() async throws {
        let level = "owner: shop\ncompatibility: backward_transitive\n"
        let report = await CheckInput.check(
            [
                "orders/subject.yaml": level, "orders/v1.json": Self.v1, "orders/v2.json": Self.wider,
                "orders/v3.json": Self.narrower,
            ],
            released: ["orders/subject.yaml": level, "orders/v1.json": Self.v1, "orders/v2.json": Self.wider]
        )
        #expect(report.findings.count == 1)
        #expect(report.findings.first?.change?.against == [2, 1])
    }

    @Test func severalNewVersionsAreComparedEachWithTheOneBefore() async {
        let report = await CheckInput.check([
            "orders/v1.json": Self.v1, "orders/v2.json": Self.wider, "orders/v3.json": Self.narrower,
        ])
        #expect(report.errorPlaces == ["MAX_LENGTH_DECREASED orders v3 schemas/orders/v3.json:1:92"])
        #expect(report.subjects.first?.versions == [1, 2, 3])
    }

    @Test func thePolicyDecides() async {
        let old = #"{"properties":{"a":{"format":"date"}}}"#
        let new = #"{"properties":{"a":{"format":"ipv4"}}}"#
        func errors(_ policy: CompatibilityPolicy) async -> [String] {
            await CheckInput.check(["o/v1.json": old, "o/v2.json": new], released: ["o/v1.json": old]) {
                $0.policy = policy
            }.errorPlaces
        }
        #expect(await errors(.sound) == ["FORMAT_CHANGED o v2 schemas/o/v2.json:1:30"])
        #expect(await errors(.confluent) == [])
    }

    @Test func whatIsNotDecidedIsWhatTheCommandSays() async {
        let old = #"{"$dynamicAnchor":"n","pattern":"^(?=.*a)(?=.*b)(?!.*(ab|ba)).*(.)\\1$"}"#
        let new = #"{"$dynamicAnchor":"n","pattern":"^(?=.*a)(?=.*b)(?!.*(ab|ba|aa)).*(.)\\1$"}"#
        let files = ["o/v1.json": old, "o/v2.json": new]
        let strict = await CheckInput.check(files, released: ["o/v1.json": old])
        let loose = await CheckInput.check(files, released: ["o/v1.json": old]) { $0.unknown = .warning }
        let rules = { (report: CheckReport) in
            report.findings.filter { $0.change != nil }.map { "\($0.rule) \($0.severity.rawValue)" }
        }
        #expect(rules(strict) == ["PATTERN_CHANGED error"])
        #expect(rules(loose) == ["PATTERN_CHANGED warning"])
    }

    @Test func anEditOfAReleasedVersionIsRefusedWithItsPlace() async {
        let report = await CheckInput.check(
            ["orders/v1.json": "{\n  \"type\": \"string\",\n  \"maxLength\": 10\n}"],
            released: ["orders/v1.json": #"{"type":"string","maxLength":9}"#]
        )
        #expect(report.errorPlaces == ["VERSION_EDITED orders v1 schemas/orders/v1.json:3:16"])
        #expect(report.findings.first?.message == "v1 was released and is changed: /maxLength was 9 and is 10")
    }

    @Test(arguments: [
        (#"{"a":[1,2]}"#, #"{"a":[1,3]}"#, "/a/1 was 2 and is 3"),
        (#"{"a":[1,2]}"#, #"{"a":[1]}"#, "the length of /a was 2 and is 1"),
        (#"{"a":1,"b":2}"#, #"{"a":1}"#, "/b is gone"), (#"{"a":1}"#, #"{"a":1,"b~":2}"#, "/b~0 was added"),
        (#"{"a":1}"#, #"[]"#, "the root was {\"a\":1} and is []"),
        (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, nil), (#"{"a":1}"#, "no JSON", nil),
    ])
    func anEditSaysWhatDiffers(_ old: String, _ new: String, _ sentence: String?) async {
        let report = await CheckInput.check(["o/v1.json": new], released: ["o/v1.json": old])
        let end = sentence.map { ": \($0)" } ?? ""
        #expect(report.findings.map(\.message) == ["v1 was released and is changed" + end])
    }

    @Test func whiteSpaceIsNoEdit() async {
        let report = await CheckInput.check(
            ["orders/v1.json": "{\r\n  \"type\": \"string\"\r\n}\r\n"],
            released: ["orders/v1.json": #"{"type":"string"}"#]
        )
        #expect(report.findings.isEmpty)
    }

    @Test func aNewVersionIsComparedWithWhatWasReleasedAndNotWithTheEdit() async {
        let report = await CheckInput.check(
            ["orders/v1.json": Self.narrower, "orders/v2.json": Self.narrower],
            released: ["orders/v1.json": Self.v1]
        )
        #expect(report.findings.map(\.rule) == ["VERSION_EDITED", "MAX_LENGTH_DECREASED"])
    }

    @Test func gapsAndDeletionsAndStrayFilesAreSaid() async {
        let report = await CheckInput.check(
            [
                "orders/v1.json": Self.v1, "orders/v4.json": Self.v1, "orders/order.json": "{}",
                "empty/subject.yaml": CheckInput.owner,
            ],
            released: ["orders/v1.json": Self.v1, "orders/v2.json": Self.v1, "users/v1.json": Self.v1]
        )
        #expect(
            report.errorPlaces == [
                "VERSION_GAP empty schemas/empty", "VERSION_GAP orders schemas/orders/order.json",
                "VERSION_DELETED orders v2 schemas/orders/v2.json", "VERSION_GAP orders v3 schemas/orders/v3.json",
                "SUBJECT_DELETED users schemas/users",
            ]
        )
    }

    @Test func aRegistryMayHaveSubjectsOfOthers() async {
        let report = await CheckInput.check(
            ["orders/v1.json": Self.v1],
            released: ["orders/v1.json": Self.v1, "users/v1.json": Self.v1],
            isWhole: false
        )
        #expect(report.subjects.isEmpty)
        #expect(report.summary.contains("0 of 1 subject;"))
    }

    @Test func onlyTheSubjectsAskedForAreLookedAt() async {
        let files = ["orders/v1.json": "1", "users/v1.json": "2"]
        let report = await CheckInput.check(files, subjects: ["users"])
        #expect(report.errorPlaces == ["SCHEMA_INVALID users v1 schemas/users/v1.json:1:1"])
    }

    @Test func aSchemaThatCannotBeUsedHasItsPlace() async {
        let report = await CheckInput.check([
            "orders/v1.json": "{\n  \"type\": 12\n}", "users/v1.json": "{",
            "links/v1.json": #"{"$ref":"../orders/v7.json"}"#,
        ])
        #expect(
            report.errorPlaces == [
                "SCHEMA_INVALID links v1 schemas/links/v1.json:1:9",
                "SCHEMA_INVALID orders v1 schemas/orders/v1.json:2:11",
                "SCHEMA_INVALID users v1 schemas/users/v1.json:1:2",
            ]
        )
    }

    @Test func aReleasedVersionThatCannotBeUsedIsAWarningAndTheOneBeforeItIsTaken() async {
        let released = ["o/v1.json": Self.v1, "o/v2.json": "{"]
        let report = await CheckInput.check(
            released.merging(["o/v3.json": Self.narrower, "o/v4.json": Self.narrower]) { $1 },
            released: released
        )
        #expect(report.warningPlaces == ["SCHEMA_INVALID o v2 schemas/o/v2.json:1:2"])
        #expect(report.errorPlaces == ["MAX_LENGTH_DECREASED o v3 schemas/o/v3.json:1:92"])
        #expect(report.findings.last?.change?.against == [1])
    }

    @Test func referencesLeadToOtherSubjectsAsTheyWereReleased() async {
        let files = [
            "address/v1.json": #"{"type":"string","maxLength":3}"#, "orders/v1.json": #"{"$ref":"../address/v1.json"}"#,
            "orders/v2.json": #"{"$ref":"../address/v1.json","title":"order"}"#,
        ]
        let released = [
            "address/v1.json": #"{"type":"string","maxLength":9}"#, "orders/v1.json": #"{"$ref":"../address/v1.json"}"#,
        ]
        let report = await CheckInput.check(files, released: released)
        #expect(report.errorPlaces == ["VERSION_EDITED address v1 schemas/address/v1.json:1:30"])
    }

    @Test(arguments: [
        ("owner: a\ncompatability: full\n", "schemas/orders/subject.yaml:2:1"), ("", "schemas/orders/subject.yaml:1:1"),
    ])
    func aDescriptionThatSaysWhatItMustNotIsSaid(_ yaml: String, _ place: String) async {
        let report = await CheckInput.check(["orders/subject.yaml": yaml, "orders/v1.json": Self.v1])
        #expect(report.errorPlaces == ["SUBJECT_INVALID orders \(place)"])
        let bare = await CheckInput.check(["orders/v1.json": Self.v1, "a b/v1.json": Self.v1], isBare: true)
        #expect(
            bare.errorPlaces == [
                "SUBJECT_INVALID a b schemas/a b", "SCHEMA_INVALID a b v1 schemas/a b/v1.json",
                "SUBJECT_INVALID orders schemas/orders/subject.yaml",
            ]
        )
    }

    @Test(arguments: [
        ("full", "backward", true), ("backward", "full", false), ("backward", "forward", true),
        ("backward_transitive", "backward", true), ("backward", "none", true), ("none", "full_transitive", false),
    ])
    func aPromiseThatIsTakenBackIsAWarning(_ before: String, _ after: String, _ isLower: Bool) async {
        let report = await CheckInput.check(
            ["o/subject.yaml": "owner: a\ncompatibility: \(after)\n", "o/v1.json": Self.v1],
            released: ["o/subject.yaml": "owner: a\ncompatibility: \(before)\n", "o/v1.json": Self.v1]
        )
        #expect(report.warningPlaces == (isLower ? ["LEVEL_LOWERED o schemas/o/subject.yaml"] : []))
        #expect(report.errors == 0)
    }

    @Test func lintIsSaidOfWhatIsNewOnly() async {
        let first = #"{"properties":{"a":{"type":"string"}}}"#
        let second = #"{"properties":{"a":{"type":["string","number"]}}}"#
        let new = await CheckInput.check(["o/v1.json": first])
        #expect(new.warningPlaces.contains("OPEN_CONTENT_MODEL o v1 schemas/o/v1.json:1:1"))
        let later = await CheckInput.check(["o/v1.json": first, "o/v2.json": second], released: ["o/v1.json": first])
        #expect(later.warningPlaces == ["UNBOUNDED_NUMBER o v2 schemas/o/v2.json:1:20"])
    }
}
