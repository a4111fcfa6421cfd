internal import JSON

/// The organizations, repositories and people of the day, written once as JSON: most of a delivery's bytes are the same
/// few objects.
struct GitHubWorld: Sendable {
    struct User: Sendable {
        let login: String
        let name: String
        /// The full object, as `sender` has it.
        let json: [UInt8]
    }

    struct Repository: Sendable {
        let fullName: String
        let defaultBranch: String
        let json: [UInt8]
        /// Without what changes, and without most links, as a run's head repository is.
        let minimal: [UInt8]
        let organization: [UInt8]
        let api: String
        let html: String
    }

    struct Workflow: Sendable {
        let name: String
        let path: String
        /// Larger than 2^53: a double would make another workflow of it.
        let id: Int64
    }

    static let standard = GitHubWorld()

    /// 2026-03-10T00:00:00Z.
    static let midnight: Int64 = 1_773_100_800

    static let workflows = [
        Workflow(name: "CI", path: ".github/workflows/ci.yml", id: 9_007_199_254_740_993),
        Workflow(name: "Nightly 🌙", path: ".github/workflows/nightly.yml", id: 9_007_199_254_740_995),
        Workflow(name: "Release", path: ".github/workflows/release.yml", id: 9_007_199_254_740_997),
    ]

    let users: [User]
    let repositories: [Repository]

    private init() {
        users = Self.people.enumerated().map { index, person in
            let id = Int64(9_007_199_254_741_000) + Int64(index) * 17
            return User(
                login: person.login,
                name: person.name,
                json: JSONWriter.bytes { $0.user(login: person.login, id: id, type: person.type) }
            )
        }
        repositories = Self.names.enumerated().map { index, name in
            let api = "https://api.github.com/repos/\(name.owner)/\(name.repository)"
            return Repository(
                fullName: "\(name.owner)/\(name.repository)",
                defaultBranch: name.branch,
                json: JSONWriter.bytes { $0.repository(name, number: index) },
                minimal: JSONWriter.bytes { $0.minimalRepository(name, number: index) },
                organization: JSONWriter.bytes { $0.organization(login: name.owner) },
                api: api,
                html: "https://github.com/\(name.owner)/\(name.repository)"
            )
        }
    }

    struct RepositoryName: Sendable {
        let owner: String
        let repository: String
        let branch: String
        let description: String
    }

    private static let people: [(login: String, name: String, type: String)] = [
        ("mlopez", "María López", "User"), ("kjensen", "Kåre Jensen", "User"), ("y-tanaka", "田中 陽子", "User"),
        ("achieng", "Achieng' Odhiambo", "User"), ("zofia-w", "Zofia Wójcik", "User"), ("rahul9", "राहुल शर्मा", "User"),
        ("obrien", "Siobhán O'Brien", "User"), ("dimitra", "Δήμητρα Παππά", "User"), ("noor", "نور حداد", "User"),
        ("tuomas", "Tuomas Hämäläinen", "User"), ("dependabot[bot]", "dependabot[bot]", "Bot"),
        ("github-actions[bot]", "github-actions[bot]", "Bot"),
    ]

    private static let names: [RepositoryName] = [
        RepositoryName(owner: "acme", repository: "api", branch: "main", description: "The public API"),
        RepositoryName(owner: "acme", repository: "web", branch: "main", description: "Storefront 🛒"),
        RepositoryName(owner: "acme", repository: "billing", branch: "master", description: "Invoices, dunning, VAT"),
        RepositoryName(owner: "acme", repository: "infra", branch: "main", description: "Terraform & friends"),
        RepositoryName(owner: "acme", repository: "mobile", branch: "develop", description: "iOS und Android"),
        RepositoryName(owner: "nordwind", repository: "ingest", branch: "main", description: "Événements → Kafka"),
        RepositoryName(owner: "nordwind", repository: "ml", branch: "trunk", description: "Ranking models"),
        RepositoryName(owner: "nordwind", repository: "docs", branch: "main", description: "ドキュメント"),
        RepositoryName(
            owner: "tiny",
            repository: "swift-kit",
            branch: "main",
            description: "\"Small\" things\\in Swift"
        ),
        RepositoryName(owner: "tiny", repository: "dotfiles", branch: "master", description: ""),
    ]
}

extension JSONWriter {
    /// The bytes of one value.
    static func bytes(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        write(&writer)
        return writer.bytes
    }

    mutating func member(_ name: String, raw value: [UInt8]) {
        key(name)
        raw(value)
    }

    mutating func nullMember(_ name: String) {
        key(name)
        null()
    }

    mutating func member(_ name: String, optional text: String?) {
        key(name)
        if let text { value(text) } else { null() }
    }
}
