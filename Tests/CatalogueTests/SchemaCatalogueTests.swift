import Contracts
import Demo
import JSON
import Testing

@Suite struct SchemaCatalogueTests {
    private static func contract(_ subject: String) throws -> Contract {
        try ContractStore(folder: Repository.schemas).latest(SchemaSubject(subject))
    }

    private static func violation(_ body: [UInt8], _ contract: Contract) throws -> Violation? {
        try JSONDocument(body).withRoot { contract.validate($0, using: ValidationScratch()) }
    }

    /// What the topics of these events are held against by the connectors that read them.
    private static let readers = ["issues": "github.issues", "workflow_run": "github.workflow-run"]

    @Test func everyContractIsUsableAndOwned() throws {
        let problems = ContractStore.problems(in: Repository.schemas)
        #expect(problems.isEmpty, "\(problems)")
        let store = try ContractStore(folder: Repository.schemas)
        #expect(store.subjects.count >= 4)
        for subject in store.subjects {
            #expect(!subject.description.owner.isEmpty && subject.description.description?.isEmpty == false)
        }
    }

    @Test func everyContractAcceptsItsOwnExamples() throws {
        let store = try ContractStore(folder: Repository.schemas)
        for subject in store.subjects {
            for version in 1...subject.latest {
                let contract = try store.contract(subject.name, version: version)
                let examples = try JSON(parsing: store.source(subject.name, version: version))["examples"]?.elements
                #expect(examples?.isEmpty == false, "\(subject.name) v\(version) has no examples")
                for example in examples ?? [] {
                    let violation = try Self.violation(example.bytes, contract)
                    #expect(violation == nil, "\(subject.name) v\(version)")
                }
            }
        }
    }

    @Test(.enabled(if: Repository.hasPayloads, "the real payloads are not on this machine"))
    func theContractsAcceptRealPayloads() throws {
        let payloads = try Repository.realPayloads()
        #expect(payloads.count >= 250)
        let door = try Self.contract("github.delivery")
        let inner = try Self.readers.mapValues(Self.contract)
        for payload in payloads {
            let violation = try Self.violation(payload.body, door)
            #expect(violation == nil, "\(payload.event)/\(payload.file)")
            guard let contract = inner[payload.event] else { continue }
            let finding = try Self.violation(payload.body, contract)
            #expect(finding == nil, "\(payload.event)/\(payload.file)")
        }
    }

    @Test func theContractsRefuseExactlyTheViolationsOfTheDemo() throws {
        let door = try Self.contract("github.delivery")
        let inner = try Self.readers.mapValues(Self.contract)
        let day = GitHubDay(secret: "hush", count: 1_200)
        var refused: [String: Int] = [:]
        for delivery in day {
            let event = delivery.headers.first { $0.name == "X-GitHub-Event" }?.value ?? ""
            switch delivery.expected {
            case .deadLettered("schema"):
                let violation = try Self.violation(delivery.body, door)
                #expect(violation != nil)
            case .stored:
                let violation = try Self.violation(delivery.body, door)
                #expect(violation == nil)
                guard !delivery.isRedelivery, let contract = inner[event] else { continue }
                if try Self.violation(delivery.body, contract) != nil { refused[event, default: 0] += 1 }
            default: continue
            }
        }
        let accounts = day.truth.accounts
        #expect(refused["issues"] == accounts["github-incident-to-ticket"]?.deadLettered["schema"])
        #expect(refused["workflow_run"] == accounts["ci-failure-to-ticket"]?.deadLettered["schema"])
    }
}
