internal import JSON

/// GitHub's users, organizations and repositories, after the payload examples of its documentation
/// (docs.github.com, "Webhook events and payloads").
extension JSONWriter {
    mutating func user(login: String, id: Int64, type: String) {
        let api = "https://api.github.com/users/\(login)"
        object { writer in
            writer.member("login", login)
            writer.member("id", id)
            writer.member("node_id", "U_kgDO\(id % 1_000_000_007)")
            writer.member("avatar_url", "https://avatars.githubusercontent.com/u/\(id)?v=4")
            writer.member("gravatar_id", "")
            writer.member("url", api)
            writer.member("html_url", "https://github.com/\(login)")
            writer.member("followers_url", api + "/followers")
            writer.member("following_url", api + "/following{/other_user}")
            writer.member("gists_url", api + "/gists{/gist_id}")
            writer.member("starred_url", api + "/starred{/owner}{/repo}")
            writer.member("subscriptions_url", api + "/subscriptions")
            writer.member("organizations_url", api + "/orgs")
            writer.member("repos_url", api + "/repos")
            writer.member("events_url", api + "/events{/privacy}")
            writer.member("received_events_url", api + "/received_events")
            writer.member("type", type)
            writer.member("site_admin", false)
        }
    }

    mutating func organization(login: String) {
        let api = "https://api.github.com/orgs/\(login)"
        object { writer in
            writer.member("login", login)
            writer.member("id", Self.organizationID(login))
            writer.member("node_id", "O_kgDO\(login.utf8.count)")
            writer.member("url", api)
            writer.member("repos_url", api + "/repos")
            writer.member("events_url", api + "/events")
            writer.member("hooks_url", api + "/hooks")
            writer.member("issues_url", api + "/issues")
            writer.member("members_url", api + "/members{/member}")
            writer.member("public_members_url", api + "/public_members{/member}")
            writer.member("avatar_url", "https://avatars.githubusercontent.com/u/\(Self.organizationID(login))?v=4")
            writer.member("description", "")
        }
    }

    private static func organizationID(_ login: String) -> Int64 {
        login.utf8.reduce(41_000_000) { $0 + Int64($1) * 31 }
    }

    mutating func repository(_ name: GitHubWorld.RepositoryName, number: Int) {
        let fullName = "\(name.owner)/\(name.repository)"
        let api = "https://api.github.com/repos/\(fullName)"
        let html = "https://github.com/\(fullName)"
        object { writer in
            writer.member("id", 9_007_199_254_750_001 + Int64(number) * 2)
            writer.member("node_id", "R_kgDOHx\(number)Q")
            writer.member("name", name.repository)
            writer.member("full_name", fullName)
            writer.member("private", number.isMultiple(of: 2))
            writer.key("owner")
            writer.user(login: name.owner, id: Self.organizationID(name.owner), type: "Organization")
            writer.member("html_url", html)
            writer.member("description", optional: name.description.isEmpty ? nil : name.description)
            writer.member("fork", false)
            writer.member("url", api)
            for (member, path) in Self.repositoryLinks { writer.member(member, api + path) }
            writer.member("git_url", "git://github.com/\(fullName).git")
            writer.member("ssh_url", "git@github.com:\(fullName).git")
            writer.member("clone_url", html + ".git")
            writer.member("svn_url", html)
            writer.repositoryFacts(name, number)
        }
    }

    mutating func minimalRepository(_ name: GitHubWorld.RepositoryName, number: Int) {
        let fullName = "\(name.owner)/\(name.repository)"
        object { writer in
            writer.member("id", 9_007_199_254_750_001 + Int64(number) * 2)
            writer.member("node_id", "R_kgDOHx\(number)Q")
            writer.member("name", name.repository)
            writer.member("full_name", fullName)
            writer.member("private", number.isMultiple(of: 2))
            writer.key("owner")
            writer.user(login: name.owner, id: Self.organizationID(name.owner), type: "Organization")
            writer.member("html_url", "https://github.com/\(fullName)")
            writer.member("description", optional: name.description.isEmpty ? nil : name.description)
            writer.member("fork", false)
            writer.member("url", "https://api.github.com/repos/\(fullName)")
        }
    }

    private mutating func repositoryFacts(_ name: GitHubWorld.RepositoryName, _ number: Int) {
        member("created_at", "2019-05-15T15:19:25Z")
        member("updated_at", "2026-03-09T21:02:11Z")
        member("pushed_at", "2026-03-09T22:40:58Z")
        nullMember("homepage")
        member("size", 18_203 * (number + 1))
        member("stargazers_count", 37 * number)
        member("watchers_count", 37 * number)
        member("language", "Swift")
        for flag in ["has_issues", "has_projects", "has_downloads", "has_wiki"] { member(flag, true) }
        for flag in ["has_pages", "has_discussions", "archived", "disabled", "is_template"] { member(flag, false) }
        member("forks_count", 4)
        nullMember("mirror_url")
        member("open_issues_count", 12)
        object("license") { license in
            license.member("key", "apache-2.0")
            license.member("name", "Apache License 2.0")
            license.member("spdx_id", "Apache-2.0")
            license.member("url", "https://api.github.com/licenses/apache-2.0")
            license.member("node_id", "MDc6TGljZW5zZTI=")
        }
        member("allow_forking", true)
        member("web_commit_signoff_required", false)
        array("topics") { $0.value("kafka") }
        member("visibility", number.isMultiple(of: 2) ? "private" : "public")
        member("forks", 4)
        member("open_issues", 12)
        member("watchers", 37 * number)
        member("default_branch", name.branch)
        object("custom_properties") { _ in }
    }

    private static let repositoryLinks = [
        ("forks_url", "/forks"), ("keys_url", "/keys{/key_id}"),
        ("collaborators_url", "/collaborators{/collaborator}"), ("teams_url", "/teams"), ("hooks_url", "/hooks"),
        ("issue_events_url", "/issues/events{/number}"), ("events_url", "/events"),
        ("assignees_url", "/assignees{/user}"), ("branches_url", "/branches{/branch}"), ("tags_url", "/tags"),
        ("blobs_url", "/git/blobs{/sha}"), ("git_tags_url", "/git/tags{/sha}"), ("git_refs_url", "/git/refs{/sha}"),
        ("trees_url", "/git/trees{/sha}"), ("statuses_url", "/statuses/{sha}"), ("languages_url", "/languages"),
        ("stargazers_url", "/stargazers"), ("contributors_url", "/contributors"),
        ("subscribers_url", "/subscribers"), ("subscription_url", "/subscription"),
        ("commits_url", "/commits{/sha}"), ("git_commits_url", "/git/commits{/sha}"),
        ("comments_url", "/comments{/number}"), ("issue_comment_url", "/issues/comments{/number}"),
        ("contents_url", "/contents/{+path}"), ("compare_url", "/compare/{base}...{head}"),
        ("merges_url", "/merges"), ("archive_url", "/{archive_format}{/ref}"), ("downloads_url", "/downloads"),
        ("issues_url", "/issues{/number}"), ("pulls_url", "/pulls{/number}"),
        ("milestones_url", "/milestones{/number}"),
        ("notifications_url", "/notifications{?since,all,participating}"), ("labels_url", "/labels{/name}"),
        ("releases_url", "/releases{/id}"), ("deployments_url", "/deployments"),
    ]
}
