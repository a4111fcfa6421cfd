import Contracts
import Foundation
import JSON
import Testing

@Suite struct ContractStoreTests {
    static let owner = "owner: platform\n"

    private func problems(_ files: [String: String]) throws -> [ContractError] {
        try StoreFolder.with(files) { ContractStore.problems(in: $0) }
    }

    @Test func readsSubjectsAndVersions() throws {
        let yaml = """
            owner: platform-integrations
            compatibility: FULL_transitive
            topics: [github.issues, github.pulls]
            description: Issues as GitHub sends them.
            """
        let files = [
            "github.issues/subject.yaml": yaml, "github.issues/v1.json": #"{"type":"object"}"#,
            "github.issues/v2.json": #"{"type":"object","required":["action"]}"#, "README.md": "",
            "a/subject.yaml": Self.owner,
            "a/v1.json": "true", "a/examples/x.json": "[]",
        ]
        try StoreFolder.with(files) { folder in
            let store = try ContractStore(folder: folder)
            #expect(store.subjects.map(\.name.name) == ["a", "github.issues"])
            #expect(store.subjects[0].description == SubjectDescription(owner: "platform"))
            #expect(
                store.subjects[1].description
                    == SubjectDescription(
                        owner: "platform-integrations",
                        compatibility: .fullTransitive,
                        topics: ["github.issues", "github.pulls"],
                        description: "Issues as GitHub sends them."
                    )
            )
            let subject = try SchemaSubject("github.issues")
            #expect(try store.latest(subject).version == 2)
            #expect(try store.contract(subject, version: 1).subject == subject)
            #expect(try store.contract(SchemaReference("github.issues@v1")).version == 1)
            #expect(try store.contract(SchemaReference("github.issues")).version == 2)
            #expect(ContractStore.problems(in: folder).isEmpty)
        }
    }

    @Test func suggestsTheNearSubject() throws {
        try StoreFolder.with(["github.issues/subject.yaml": Self.owner, "github.issues/v1.json": "{}"]) { folder in
            let store = try ContractStore(folder: folder)
            let error = #expect(throws: ContractError.self) { try store.contract(SchemaReference("github.isues")) }
            #expect(error?.code == .unknownSubject)
            #expect(error?.message.hasSuffix("; did you mean 'github.issues'?") == true)
            let far = #expect(throws: ContractError.self) { try store.contract(SchemaReference("orders")) }
            #expect(far?.message.hasSuffix("; there are github.issues") == true)
            let version = #expect(throws: ContractError.self) {
                try store.contract(SchemaReference("github.issues@v2"))
            }
            #expect(
                version?.description == "subject 'github.issues' has no version 2; it has v1 to v1 [unknown_version]"
            )
        }
    }

    static let badSubjects: [(String, String, Int, Int)] = [
        ("", "subject.yaml is empty; it must say at least who the owner is", 1, 1),
        ("owner: x\nowmer: y\n", "'owmer' is no key of subject.yaml; did you mean 'owner'?", 2, 1),
        ("owner: x\ncompatibility: bakward", "'bakward' is no compatibility; did you mean 'backward'?", 2, 16),
        ("owner: x\ntopics: t", "'topics' must be a list of topic names", 2, 9),
        ("owner: [x]", "'owner' must be text", 1, 8),
        ("description: x", "'owner' is missing: the team that answers for the subject", 1, 1),
        ("- owner", "subject.yaml must be a mapping with at least 'owner'", 1, 1),
        ("owner: ~", "'owner' must be text", 1, 8),
    ]

    @Test(arguments: Self.badSubjects)
    func saysWhatIsWrongInSubjectYAML(yaml: String, message: String, line: Int, column: Int) throws {
        let found = try problems(["s/subject.yaml": yaml, "s/v1.json": "{}"])
        #expect(found.map(\.message) == [message])
        #expect(found.first?.code == .invalidSubject)
        #expect(found.first?.file?.hasSuffix("s/subject.yaml") == true)
        #expect(found.first?.line == line && found.first?.column == column)
    }

    @Test(arguments: ["owner: x\nowner: y\n", "owner: [x\n", "\u{1}", "owner: x\n a: b\n"])
    func refusesWhatIsNoYAML(yaml: String) throws {
        let found = try problems(["s/subject.yaml": yaml, "s/v1.json": "{}"])
        #expect(found.map(\.code) == [.invalidSubject])
    }

    static let numberings: [([String], ContractError.Code)] = [
        (["v1.json", "v3.json"], ContractError.Code.versionGap), (["v2.json"], .versionGap), ([], .versionGap),
        (["v1.json", "v02.json"], .versionGap), (["v1.json", "V2.json"], .versionGap),
        (["v1.json", "v0.json"], .versionGap),
    ]

    @Test(arguments: Self.numberings)
    func refusesGapsInTheNumbering(versions: [String], code: ContractError.Code) throws {
        var files = ["s/subject.yaml": Self.owner]
        for version in versions { files["s/\(version)"] = "{}" }
        #expect(try problems(files).map(\.code) == [code])
    }

    @Test func everyProblemOfAFolderIsFound() throws {
        let found = try problems([
            "a/v1.json": "{}", "b/subject.yaml": Self.owner, "b/v1.json": "{\n  \"type\": 7\n}",
            "b/v2.json": "{\n  \"type\":", "bad name/v1.json": "{}", "c/subject.yaml": Self.owner, "c/v1.json": "{}",
        ])
        #expect(found.map(\.code) == [.invalidSubject, .invalidReference, .invalidSchema, .invalidJSON])
        #expect(found[2].description.contains("b/v1.json:2:11: this is no schema:"))
        #expect(found[3].description.contains("b/v2.json:2:10: the document ends before it is complete"))
    }

    @Test func aMissingFolderIsAnError() {
        #expect(ContractStore.problems(in: "/nonexistent/schemas").map(\.code) == [.unreadable])
    }

    @Test func schemasReferToEachOtherInsideTheFolderOnly() throws {
        let files = [
            "address/subject.yaml": Self.owner, "address/v1.json": #"{"definitions":{"zip":{"type":"string"}}}"#,
            "order/subject.yaml": Self.owner, "order/v1.json": ##"{"$ref":"../address/v1.json#/definitions/zip"}"##,
            "order/v2.json": ##"{"$ref":"../../etc/v1.json"}"##, "order/v3.json": ##"{"$ref":"file:///etc/passwd"}"##,
        ]
        try StoreFolder.with(files) { folder in
            let store = try ContractStore(folder: folder)
            let order = try SchemaSubject("order")
            let contract = try store.contract(order, version: 1)
            try JSONParser().withDocument("1") { #expect(!contract.isValid($0, using: ValidationScratch())) }
            for version in 2...3 {
                let error = #expect(throws: ContractError.self) { try store.contract(order, version: version) }
                #expect(error?.code == .unresolvedReference)
            }
        }
    }

    @Test(arguments: ["", "a@", "a@1", "a@v0", "a@v01", "a@vx", "a@v1@v2", ".a", "a/b", "a b", "@v1", "a@v-1"])
    func refusesReferencesOfAnotherForm(text: String) {
        let error = #expect(throws: ContractError.self) { try SchemaReference(text) }
        #expect(error?.code == .invalidReference)
    }
}
