extension GitRepository {
    /// The commit where the history of HEAD left that of a branch, tag or commit.
    /// - Throws: `unknownReference`, `shallow` where the clone lacks it.
    package func mergeBase(with reference: String) async throws(CheckError) -> String {
        let commit = try await commit(reference)
        let answer = try await run(["merge-base", commit, "HEAD"])
        if answer.status == 0 { return answer.text }
        if try await isShallow() { throw Self.shallow("the commit where this branch left \(reference)") }
        throw CheckError(
            .unknownReference,
            "HEAD and \(reference) have no commit in common; name another base (git: \(answer.complaint))"
        )
    }

    private func commit(_ reference: String) async throws(CheckError) -> String {
        let answer = try await run(["rev-parse", "--verify", "--quiet", "--end-of-options", "\(reference)^{commit}"])
        if answer.status == 0 { return answer.text }
        if try await isShallow() { throw Self.shallow("'\(reference)'") }
        throw CheckError(
            .unknownReference,
            "the repository has no commit, branch or tag '\(reference)'; fetch it (git fetch origin), or name another"
        )
    }

    private func isShallow() async throws(CheckError) -> Bool {
        try await run(["rev-parse", "--is-shallow-repository"]).text == "true"
    }

    private static func shallow(_ what: String) -> CheckError {
        CheckError(
            .shallow,
            "the clone is shallow and lacks \(what); clone with history: fetch-depth: 0 for actions/checkout, "
                + "GIT_DEPTH: 0 in a GitLab job, or git fetch --unshallow"
        )
    }

    /// Where a change started, as whoever reviews it sees it.
    ///
    /// In a pull request of GitHub Actions or a merge request of GitLab what those say; else where HEAD left the default
    /// branch. On the default branch itself it is HEAD while the folder has changes that are not committed, and the commit
    /// before HEAD when it has none.
    /// - Parameter environment: that of the process.
    /// - Returns: a commit, empty where there is none before the first, and what to call it.
    /// - Throws: `unknownReference`, `shallow` where the clone lacks it.
    package func changeBase(_ environment: [String: String]) async throws(CheckError) -> (commit: String, name: String)
    {
        if let commit = environment["CI_MERGE_REQUEST_DIFF_BASE_SHA"], !commit.isEmpty {
            return (try await self.commit(commit), "git \(commit.prefix(12)) (the merge request's base)")
        }
        let branch = try await reviewedBranch(environment)
        let base = try await mergeBase(with: branch)
        let isHead = try await run(["rev-parse", "HEAD"]).text == base
        // A branch that has no commit yet has changed nothing; without a branch, as in CI, HEAD is the default one's.
        let current = try await run(["symbolic-ref", "--quiet", "--short", "HEAD"])
        let isOther = current.status == 0 && branch != current.text && branch != "origin/\(current.text)"
        guard isHead, !isOther else { return (base, "git \(branch) (merge base \(base.prefix(12)))") }
        if try await !run(["status", "--porcelain", "--", "."]).output.isEmpty { return (base, "git HEAD") }
        let before = try await run(["rev-parse", "--verify", "--quiet", "HEAD^1"])
        if before.status == 0 { return (before.text, "git HEAD^1 (\(before.text.prefix(12)))") }
        if try await isShallow() { throw Self.shallow("the commit before HEAD") }
        // The first commit of all.
        return ("", "nothing (HEAD is the first commit)")
    }

    /// The branch that a change is to land on.
    private func reviewedBranch(_ environment: [String: String]) async throws(CheckError) -> String {
        let names = [environment["GITHUB_BASE_REF"], environment["CI_DEFAULT_BRANCH"]].compactMap(\.self)
        if let name = names.first(where: { !$0.isEmpty }) { return "origin/\(name)" }
        let remote = try await run(["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"])
        if remote.status == 0, !remote.text.isEmpty { return remote.text }
        for name in ["origin/main", "origin/master", "main", "master"] {
            let answer = try await run(["rev-parse", "--verify", "--quiet", "\(name)^{commit}"])
            if answer.status == 0 { return name }
        }
        if try await isShallow() { throw Self.shallow("the default branch") }
        throw CheckError(
            .unknownReference,
            "which branch is the default one is not known (there is no origin/HEAD, main or master); say it: "
                + "--base git:BRANCH"
        )
    }

    /// The contracts of the folder as they were in a commit; none for an empty one.
    /// - Parameters:
    ///   - commit: a name of it.
    ///   - working: what is in the folder now. Files that git finds unchanged are taken from there: reading thousands of
    ///     them from the history takes a second.
    /// - Returns: the contracts.
    /// - Throws: `git` when the history cannot be read.
    package func tree(at commit: String, beside working: SchemaTree) async throws(CheckError) -> SchemaTree {
        guard !commit.isEmpty else { return SchemaTree() }
        // Paths are relative to the folder git runs in, and only those in it are listed.
        let listing = try await run(["ls-tree", "-r", "-z", commit])
        guard listing.status == 0 else {
            throw CheckError(.git, "git cannot list the contracts of \(commit): \(listing.complaint)")
        }
        var tree = SchemaTree()
        let changed = try await changes(since: commit)
        let files = Self.files(in: listing.output).filter { file in
            guard !changed.contains(file.path), let bytes = working.bytes(of: file.path) else { return true }
            tree.add(file.path, bytes)
            return false
        }
        guard !files.isEmpty else { return tree }
        let request = files.map { $0.object + "\n" }.joined()
        let answer = try await run(["cat-file", "--batch"], input: Array(request.utf8))
        guard answer.status == 0 else {
            throw CheckError(.git, "git cannot read the contracts of \(commit): \(answer.complaint)")
        }
        try Self.add(files, answer.output, to: &tree)
        return tree
    }

    /// Paths of files of the folder that are not as they were in a commit, or not known to git.
    private func changes(since commit: String) async throws(CheckError) -> Set<String> {
        let options = ["--name-only", "-z", "--no-renames", "--no-ext-diff", "--relative"]
        let answer = try await run(["diff"] + options + [commit, "--", "."])
        guard answer.status == 0 else {
            throw CheckError(.git, "git cannot compare the contracts with \(commit): \(answer.complaint)")
        }
        return Set(answer.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
    }

    /// Names and object names of regular files: `100644 blob 1a2b…<TAB>orders/v1.json<NUL>`.
    private static func files(in listing: [UInt8]) -> [(path: String, object: String)] {
        listing.split(separator: 0).compactMap { entry in
            guard let tab = entry.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
            let fields = entry[..<tab].split(separator: UInt8(ascii: " "))
            let path = String(decoding: entry[(tab + 1)...], as: UTF8.self)
            // Links (mode 120000) and submodules are no files.
            guard fields.count == 3, fields[0].starts(with: "100".utf8), SchemaTree.holds(path) else { return nil }
            return (path, String(decoding: fields[2], as: UTF8.self))
        }
    }

    /// Takes `<object> blob <size>\n<bytes>\n` apart, which comes once for each file asked for.
    private static func add(
        _ files: [(path: String, object: String)],
        _ output: [UInt8],
        to tree: inout SchemaTree
    ) throws(CheckError) {
        var rest = output[...]
        for file in files {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw unreadable(file.path) }
            let head = rest[..<end].split(separator: UInt8(ascii: " "))
            guard head.count == 3, let size = Int(String(decoding: head[2], as: UTF8.self)), size >= 0,
                rest.endIndex - end > size + 1
            else { throw unreadable(file.path) }
            tree.add(file.path, Array(rest[(end + 1)..<(end + 1 + size)]))
            rest = rest[(end + size + 2)...]
        }
    }

    private static func unreadable(_ path: String) -> CheckError {
        CheckError(.git, "git does not give the contents of \(path); is the clone a partial one without a remote?")
    }
}
