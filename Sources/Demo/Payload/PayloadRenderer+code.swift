internal import JSON

extension PayloadRenderer {
    mutating func push(_ branch: String, _ count: Int) {
        let before = random.hexadecimal(40)
        let commits = (0..<count).map { _ in commit() }
        writer.member("ref", "refs/heads/\(branch)")
        writer.member("before", before)
        writer.member("after", commits.last?.sha ?? before)
        writer.object("pusher") { [sender] pusher in
            pusher.member("name", sender.login)
            pusher.member("email", "\(sender.login)@example.com")
        }
        for flag in ["created", "deleted", "forced"] { writer.member(flag, false) }
        writer.nullMember("base_ref")
        writer.member("compare", "\(repository.html)/compare/\(before.prefix(12))...\(branch)")
        writer.array("commits") { writer in
            for commit in commits { writer.raw(commit.json) }
        }
        writer.key("head_commit")
        if let head = commits.last { writer.raw(head.json) } else { writer.null() }
    }

    private mutating func commit() -> (sha: String, json: [UInt8]) {
        let sha = random.hexadecimal(40)
        let tree = random.hexadecimal(40)
        let message = random.pick(Prose.titles) + "\n\n" + Prose.text(&random, sentences: 1...2)
        let author = user()
        let files = (0..<random.number(below: 6)).map { _ in "Sources/App/File\(random.number(below: 900)).swift" }
        let json = JSONWriter.bytes { writer in
            writer.beginObject()
            writer.member("id", sha)
            writer.member("tree_id", tree)
            writer.member("distinct", true)
            writer.member("message", message)
            writer.member("timestamp", time)
            writer.member("url", "\(repository.html)/commit/\(sha)")
            for role in ["author", "committer"] {
                writer.object(role) { person in
                    person.member("name", author.name)
                    person.member("email", "\(author.login)@example.com")
                    person.member("username", author.login)
                }
            }
            writer.array("added") { _ in }
            writer.array("removed") { _ in }
            writer.array("modified") { modified in
                for file in files { modified.value(file) }
            }
            writer.endObject()
        }
        return (sha, json)
    }

    mutating func pullRequest(_ action: String, _ number: Int) {
        writer.member("action", action)
        writer.member("number", number)
        if action == "synchronize" {
            writer.member("before", random.hexadecimal(40))
            writer.member("after", random.hexadecimal(40))
        }
        pull(number, isClosed: action == "closed", isFull: true)
    }

    mutating func review(_ number: Int) {
        let id = id()
        writer.member("action", "submitted")
        writer.key("review")
        writer.beginObject()
        writer.member("id", id)
        writer.member("node_id", "PRR_kwDO\(random.hexadecimal(8))")
        writer.member("user", raw: sender.json)
        writer.member("body", Prose.text(&random, sentences: 1...4))
        writer.member("commit_id", random.hexadecimal(40))
        writer.member("submitted_at", time)
        writer.member("state", random.pick(["approved", "commented", "changes_requested"]))
        writer.member("html_url", "\(repository.html)/pull/\(number)#pullrequestreview-\(id)")
        writer.member("pull_request_url", "\(repository.api)/pulls/\(number)")
        writer.member("author_association", "MEMBER")
        writer.endObject()
        pull(number, isClosed: false, isFull: false)
    }

    private mutating func pull(_ number: Int, isClosed: Bool, isFull: Bool) {
        let api = "\(repository.api)/pulls/\(number)"
        let author = user()
        writer.key("pull_request")
        writer.beginObject()
        writer.member("url", api)
        writer.member("id", id())
        writer.member("node_id", "PR_kwDO\(random.hexadecimal(8))")
        let html = "\(repository.html)/pull/\(number)"
        writer.member("html_url", html)
        writer.member("diff_url", html + ".diff")
        writer.member("patch_url", html + ".patch")
        writer.member("issue_url", "\(repository.api)/issues/\(number)")
        writer.member("number", number)
        writer.member("state", isClosed ? "closed" : "open")
        writer.member("locked", false)
        writer.member("title", random.pick(Prose.titles))
        writer.member("user", raw: author.json)
        writer.member("body", Prose.text(&random, sentences: 1...3))
        writer.member("created_at", "2026-03-08T10:00:00Z")
        writer.member("updated_at", time)
        writer.member("closed_at", optional: isClosed ? time : nil)
        writer.nullMember("merged_at")
        writer.nullMember("merge_commit_sha")
        writer.nullMember("assignee")
        for list in ["assignees", "requested_reviewers", "requested_teams", "labels"] { writer.array(list) { _ in } }
        writer.nullMember("milestone")
        writer.member("draft", false)
        let name = random.pick(["feature/größe-anzeigen", "fix/race-in-scheduler", "perf"])
        branch("head", name, author, repository: fork(of: author))
        branch("base", repository.defaultBranch, author, repository: repository.json)
        links(number)
        writer.member("author_association", "MEMBER")
        writer.nullMember("auto_merge")
        writer.nullMember("active_lock_reason")
        if isFull { pullFigures() }
        writer.endObject()
    }

    private mutating func branch(_ end: String, _ name: String, _ author: GitHubWorld.User, repository: [UInt8]) {
        let sha = random.hexadecimal(40)
        writer.object(end) { writer in
            writer.member("label", "\(author.login):\(name)")
            writer.member("ref", name)
            writer.member("sha", sha)
            writer.member("user", raw: author.json)
            writer.member("repo", raw: repository)
        }
    }

    private mutating func links(_ number: Int) {
        writer.object("_links") { [api = repository.api, html = repository.html] links in
            let targets = [
                ("self", "\(api)/pulls/\(number)"), ("html", "\(html)/pull/\(number)"),
                ("issue", "\(api)/issues/\(number)"), ("comments", "\(api)/issues/\(number)/comments"),
                ("review_comments", "\(api)/pulls/\(number)/comments"),
                ("review_comment", "\(api)/pulls/comments{/number}"), ("commits", "\(api)/pulls/\(number)/commits"),
            ]
            for (name, target) in targets { links.object(name) { $0.member("href", target) } }
        }
    }

    private mutating func pullFigures() {
        writer.member("merged", false)
        writer.nullMember("mergeable")
        writer.nullMember("rebaseable")
        writer.member("mergeable_state", "unknown")
        writer.nullMember("merged_by")
        for figure in ["comments", "review_comments", "commits", "additions", "deletions", "changed_files"] {
            writer.member(figure, random.number(below: 40))
        }
        writer.member("maintainer_can_modify", false)
    }
}
