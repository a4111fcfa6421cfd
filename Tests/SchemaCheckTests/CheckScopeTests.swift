import SchemaCheck
import Testing

@Suite(.timeLimit(.minutes(1))) struct CheckScopeTests {
    @Test(arguments: [
        ("git:main", CheckBase.git("main")), ("git:HEAD~2:x", .git("HEAD~2:x")), ("dir:../old", .folder("../old")),
        ("registry:https://r.example.org/a", .registry("https://r.example.org/a")), ("none", .nothing),
    ])
    func aBaseIsTakenApart(_ text: String, _ base: CheckBase) throws {
        #expect(try CheckBase(text) == base)
    }

    @Test(arguments: ["", "main", "git:", "dir:", "registry:r.example.org", "none:", "svn:1"])
    func whatNamesNoBaseIsSaid(_ text: String) {
        let error = #expect(throws: CheckError.self) { try CheckBase(text) }
        #expect(error?.code == .invalidBase)
        #expect(error?.message.hasPrefix("'\(text)' names no base: write git:REF") == true)
    }

    private static let files = [
        "a/orders/subject.yaml": "owner: a\n", "a/orders/v1.json": "{}", "a/orders/examples/v1/x.json": "{}",
        "a/users/subject.yaml": "owner: a\n", "b/x.txt": "",
    ]

    /// The scopes of paths in a folder: `a orders+users`, `a all`.
    private static func scopes(_ folder: TemporaryFolder, _ paths: String...) throws -> [String] {
        try CheckScope.scopes(of: paths.map { "\(folder.path)/\($0)" }).map { scope in
            let names = scope.subjects.map { $0.sorted().joined(separator: "+") } ?? "all"
            return "\(scope.folder.dropFirst(folder.path.count + 1)) \(names)"
        }
    }

    @Test func pathsAreFoldersSubjectsAndFiles() async throws {
        try await TemporaryFolder.with(Self.files) { (folder: TemporaryFolder) async throws -> Void in
            #expect(try Self.scopes(folder, "a") == ["a all"])
            #expect(try Self.scopes(folder, "a/") == ["a all"])
            #expect(try Self.scopes(folder, "a/orders") == ["a orders"])
            #expect(try Self.scopes(folder, "a/orders/v1.json", "a/users/subject.yaml") == ["a orders+users"])
            #expect(try Self.scopes(folder, "a/orders/examples/v1/x.json") == ["a orders"])
            // It was deleted.
            #expect(try Self.scopes(folder, "a/orders/v7.json", "b") == ["a orders", "b all"])
            #expect(try Self.scopes(folder, "a/orders", "a") == ["a all"])
            for path in ["c", "b/x.txt", "a/nobody/v1.json"] {
                let error = #expect(throws: CheckError.self) { _ = try Self.scopes(folder, path) }
                #expect(error?.code == .unreadable)
            }
        }
    }
}
