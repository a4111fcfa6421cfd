import SchemaCheck
import Testing

@Suite(.timeLimit(.minutes(2))) struct GitRepositoryTests {
    private static let yaml = "owner: shop\n"
    private static let files = [
        "schemas/orders/subject.yaml": Self.yaml, "schemas/orders/v1.json": #"{"type":"string"}"#,
        "schemas/orders/examples/a.json": "\"a\"", "schemas/README.md": "text", "schemas/orders/notes.txt": "text",
        "schemas/empty name/v1.json": "", "other/v1.json": "{}",
    ]

    /// A repository whose `main` has ``files``.
    private func withRepository<R>(_ body: (TemporaryFolder) async throws -> R) async throws -> R {
        try await TemporaryFolder.with(Self.files) { folder in
            try await folder.git("init", "-q", "-b", "main")
            try await folder.commit("first")
            return try await body(folder)
        }
    }

    @Test func aCommitHasTheContractsOfTheFolder() async throws {
        try await withRepository { folder in
            let schemas = "\(folder.path)/schemas"
            try folder.write(["schemas/orders/v1.json": "changed", "schemas/new/v1.json": "{}"])
            let tree = try await GitRepository(containing: schemas).tree(at: "HEAD", beside: SchemaTree())
            #expect(tree.subjects.keys.sorted() == ["empty name", "orders"])
            #expect(tree.subjects["orders"]?.versions == [1: Array(#"{"type":"string"}"#.utf8)])
            #expect(tree.subjects["orders"]?.examples.keys.sorted() == ["orders/examples/a.json"])
            #expect(tree.subjects["empty name"]?.versions == [1: []])
            #expect(
                try await GitRepository(containing: "\(folder.path)/other").tree(at: "HEAD", beside: SchemaTree())
                    .subjects.isEmpty
            )
        }
    }

    @Test func aFolderAndACommitOfItAreTheSame() async throws {
        try await withRepository { folder in
            let schemas = "\(folder.path)/schemas"
            let repository = try await GitRepository(containing: schemas)
            let tree = try SchemaTree(folder: schemas)
            #expect(try await repository.tree(at: "HEAD", beside: SchemaTree()).subjects == tree.subjects)
            #expect(try await repository.tree(at: "HEAD", beside: tree).subjects == tree.subjects)
        }
    }

    @Test func onlyFilesThatDidNotChangeAreTakenFromTheFolder() async throws {
        try await withRepository { folder in
            let schemas = "\(folder.path)/schemas"
            let before = try SchemaTree(folder: schemas)
            // Changed in the index, changed beside it, gone, new, and of the same length a second later or not.
            try folder.write([
                "schemas/orders/v1.json": #"{"type":"number"}"#, "schemas/orders/subject.yaml": "owner: shap\n",
            ])
            try await folder.git("add", "schemas/orders/v1.json")
            try folder.write(["schemas/orders/v2.json": "{}", "schemas/users/v1.json": "{}"])
            try folder.remove("schemas/orders/examples/a.json")
            let repository = try await GitRepository(containing: schemas)
            let released = try await repository.tree(at: "HEAD", beside: try SchemaTree(folder: schemas))
            #expect(released.subjects == before.subjects)
            try await folder.commit()
            let later = try await repository.tree(at: "HEAD~1", beside: try SchemaTree(folder: schemas))
            #expect(later.subjects == before.subjects)
        }
    }

    @Test func theBaseIsWhereABranchLeft() async throws {
        try await withRepository { folder in
            let first = try await folder.git("rev-parse", "HEAD")
            try await folder.git("checkout", "-q", "-b", "feature")
            try folder.write(["schemas/orders/v2.json": "{}"])
            try await folder.commit()
            try await folder.git("checkout", "-q", "main")
            try folder.write(["schemas/users/v1.json": "{}"])
            try await folder.commit()
            try await folder.git("checkout", "-q", "feature")
            let repository = try await GitRepository(containing: "\(folder.path)/schemas")
            #expect(try await repository.mergeBase(with: "main") == first)
            let base = try await repository.changeBase([:])
            #expect(base.commit == first)
            #expect(base.name == "git main (merge base \(first.prefix(12)))")
        }
    }

    @Test func onTheDefaultBranchItIsWhatCameBefore() async throws {
        try await withRepository { folder in
            let repository = try await GitRepository(containing: "\(folder.path)/schemas")
            // The first commit of all: nothing was released before it.
            #expect(try await repository.changeBase([:]).commit == "")
            let first = try await folder.git("rev-parse", "HEAD")
            let second = try await folder.commit()
            #expect(try await repository.changeBase([:]).commit == first)
            // What is not committed is a change of HEAD.
            try folder.write(["schemas/orders/v2.json": "{}"])
            let base = try await repository.changeBase([:])
            #expect(base.commit == second)
            #expect(base.name == "git HEAD")
        }
    }

    @Test func aBranchWithoutCommitsHasChangedNothing() async throws {
        try await withRepository { folder in
            let second = try await folder.commit()
            let repository = try await GitRepository(containing: "\(folder.path)/schemas")
            try await folder.git("checkout", "-q", "-b", "feature")
            #expect(try await repository.changeBase([:]).commit == second)
            // As CI checks out what was pushed to the default branch.
            try await folder.git("checkout", "-q", "--detach")
            #expect(try await repository.changeBase([:]).name.hasPrefix("git HEAD^1 ("))
        }
    }

    @Test func aReviewSaysItsBase() async throws {
        try await withRepository { folder in
            let repository = try await GitRepository(containing: "\(folder.path)/schemas")
            let first = try await folder.git("rev-parse", "HEAD")
            try await folder.git("update-ref", "refs/remotes/origin/release", first)
            try await folder.commit()
            let github = try await repository.changeBase(["GITHUB_BASE_REF": "release"])
            #expect(github.name == "git origin/release (merge base \(first.prefix(12)))")
            let gitlab = try await repository.changeBase(["CI_MERGE_REQUEST_DIFF_BASE_SHA": first])
            #expect(gitlab.commit == first)
            #expect(try await repository.changeBase(["CI_DEFAULT_BRANCH": "release"]).commit == first)
            // Empty outside of pull requests.
            #expect(try await repository.changeBase(["GITHUB_BASE_REF": ""]).commit == first)
        }
    }

    @Test func aShallowCloneSaysWhatToDo() async throws {
        try await withRepository { folder in
            try await folder.commit("second")
            try await folder.git("clone", "-q", "--depth", "1", "file://\(folder.path)", "\(folder.path)/clone")
            let repository = try await GitRepository(containing: "\(folder.path)/clone/schemas")
            for reference in ["HEAD~1", "v1.0"] {
                let error = await #expect(throws: CheckError.self) { try await repository.mergeBase(with: reference) }
                #expect(error?.code == .shallow)
                #expect(error?.message.contains("fetch-depth: 0") == true)
            }
            // HEAD is where it left origin/main, and what came before is not there.
            let error = await #expect(throws: CheckError.self) { try await repository.changeBase([:]) }
            #expect(error?.code == .shallow)
        }
    }

    @Test func whatIsNotThereIsSaid() async throws {
        try await withRepository { folder in
            let repository = try await GitRepository(containing: "\(folder.path)/schemas")
            for reference in ["v9", "--all", "HEAD:schemas", ""] {
                let error = await #expect(throws: CheckError.self) { try await repository.mergeBase(with: reference) }
                #expect(error?.code == .unknownReference)
            }
            try await folder.git("checkout", "-q", "--orphan", "lone")
            try await folder.commit()
            let error = await #expect(throws: CheckError.self) { try await repository.mergeBase(with: "main") }
            #expect(error?.code == .unknownReference)
            #expect(error?.message.hasPrefix("HEAD and main have no commit in common") == true)
        }
    }

    @Test func aFolderOutsideARepositorySaysSo() async throws {
        try await TemporaryFolder.with(["schemas/orders/v1.json": "{}"]) { folder in
            let error = await #expect(throws: CheckError.self) {
                try await GitRepository(containing: "\(folder.path)/schemas")
            }
            #expect(error?.code == .noRepository)
            #expect(error?.message.contains("not a git repository") == true)
            #expect(error?.message.contains("--base none") == true)
        }
    }

    @Test func linksAreNoContracts() async throws {
        try await withRepository { folder in
            try await folder.git(
                "update-index",
                "--add",
                "--cacheinfo",
                "120000,\(linkTarget(folder)),schemas/orders/v2.json"
            )
            try await folder.git("commit", "-q", "-m", "link")
            let tree = try await GitRepository(containing: "\(folder.path)/schemas").tree(
                at: "HEAD",
                beside: SchemaTree()
            )
            #expect(tree.subjects["orders"]?.latest == 1)
        }
    }

    /// The object that a link to `v1.json` is.
    private func linkTarget(_ folder: TemporaryFolder) async throws -> String {
        try folder.write(["target": "v1.json"])
        return try await folder.git("hash-object", "-w", "target")
    }
}
