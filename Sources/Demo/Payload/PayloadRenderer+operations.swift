internal import JSON

extension PayloadRenderer {
    mutating func workflowRun(_ event: WorkflowRunEvent) {
        let workflow = GitHubWorld.workflows[event.workflow]
        writer.member("action", event.action)
        run(event, workflow)
        writer.object("workflow") { [api = repository.api, html = repository.html] writer in
            writer.member("id", workflow.id)
            writer.member("node_id", "W_kwDO\(workflow.id % 1000)")
            writer.member("name", workflow.name)
            writer.member("path", workflow.path)
            writer.member("state", "active")
            writer.member("created_at", "2024-10-02T12:42:30.000Z")
            writer.member("updated_at", "2025-10-03T19:24:48.000Z")
            writer.member("url", "\(api)/actions/workflows/\(workflow.id)")
            writer.member("html_url", "\(html)/blob/main/\(workflow.path)")
            writer.member("badge_url", "\(html)/workflows/CI/badge.svg")
        }
    }

    private mutating func run(_ event: WorkflowRunEvent, _ workflow: GitHubWorld.Workflow) {
        let id = id()
        let sha = random.hexadecimal(40)
        let api = "\(repository.api)/actions/runs/\(id)"
        let title = random.pick(Prose.titles)
        writer.key("workflow_run")
        writer.beginObject()
        writer.member("id", id)
        writer.member("name", workflow.name)
        writer.member("node_id", "WFR_kwLO\(random.hexadecimal(8))")
        if planned.flaw != .runWithoutBranch { writer.member("head_branch", event.branch) }
        writer.member("head_sha", sha)
        writer.member("path", workflow.path)
        writer.member("display_title", title)
        writer.member("run_number", event.runNumber)
        writer.member("event", event.isFromFork ? "pull_request" : "push")
        writer.member("status", event.action == "requested" ? "queued" : event.action)
        let conclusion = planned.flaw == .runConclusionIsUnknown ? "exploded" : event.conclusion
        writer.member("conclusion", optional: conclusion)
        writer.member("workflow_id", workflow.id)
        writer.member("check_suite_id", id &+ 1)
        writer.member("check_suite_node_id", "CS_kwDO\(random.hexadecimal(8))")
        writer.member("url", api)
        writer.member("html_url", "\(repository.html)/actions/runs/\(id)")
        writer.array("pull_requests") { _ in }
        for moment in ["created_at", "updated_at", "run_started_at"] { writer.member(moment, time) }
        for actor in ["actor", "triggering_actor"] { writer.member(actor, raw: sender.json) }
        writer.member("run_attempt", event.attempt)
        for list in ["jobs", "logs", "artifacts", "cancel", "rerun"] { writer.member(list + "_url", "\(api)/\(list)") }
        writer.member("check_suite_url", "\(repository.api)/check-suites/\(id &+ 1)")
        writer.nullMember("previous_attempt_url")
        writer.member("workflow_url", "\(repository.api)/actions/workflows/\(workflow.id)")
        headCommit(sha, title)
        writer.member("repository", raw: repository.json)
        writer.member("head_repository", raw: event.isFromFork ? fork(of: sender) : repository.minimal)
        writer.endObject()
    }

    private mutating func headCommit(_ sha: String, _ title: String) {
        let tree = random.hexadecimal(40)
        writer.object("head_commit") { [time, sender] commit in
            commit.member("id", sha)
            commit.member("tree_id", tree)
            commit.member("message", title)
            commit.member("timestamp", time)
            for role in ["author", "committer"] {
                commit.object(role) { person in
                    person.member("name", sender.name)
                    person.member("email", "\(sender.login)@example.com")
                }
            }
        }
    }

    mutating func checkRun(_ conclusion: String) {
        let id = id()
        writer.member("action", "completed")
        writer.key("check_run")
        writer.beginObject()
        writer.member("id", id)
        writer.member("node_id", "CR_kwDO\(random.hexadecimal(8))")
        writer.member("head_sha", random.hexadecimal(40))
        writer.member("external_id", random.uuid())
        writer.member("url", "\(repository.api)/check-runs/\(id)")
        writer.member("html_url", "\(repository.html)/runs/\(id)")
        writer.member("details_url", "https://ci.example.com/builds/\(id)")
        writer.member("status", "completed")
        writer.member("conclusion", conclusion)
        writer.member("started_at", time)
        writer.member("completed_at", time)
        writer.member("name", "lint / swift-format")
        let summary = Prose.text(&random, sentences: 1...6)
        writer.object("output") { output in
            output.member("title", "3 findings")
            output.member("summary", summary)
            output.nullMember("text")
            output.member("annotations_count", 3)
        }
        app()
        writer.array("pull_requests") { _ in }
        writer.endObject()
    }

    private mutating func app() {
        let owner = user()
        writer.object("app") { [time] app in
            app.member("id", 29_310)
            app.member("slug", "acme-linter")
            app.member("node_id", "A_kwDO1")
            app.member("owner", raw: owner.json)
            app.member("name", "acme linter ✅")
            app.member("description", "")
            app.member("external_url", "https://ci.example.com")
            app.member("html_url", "https://github.com/apps/acme-linter")
            app.member("created_at", time)
            app.member("updated_at", time)
            app.object("permissions") { $0.member("checks", "write") }
            app.array("events") { $0.value("check_run") }
        }
    }

    mutating func release(_ tag: String) {
        let id = id()
        let notes = Prose.text(&random, sentences: 4...25)
        writer.member("action", "published")
        writer.object("release") { [api = repository.api, html = repository.html, sender, time] release in
            release.member("url", "\(api)/releases/\(id)")
            release.member("assets_url", "\(api)/releases/\(id)/assets")
            release.member("html_url", "\(html)/releases/tag/\(tag)")
            release.member("id", id)
            release.member("node_id", "RE_kwDO\(id % 1000)")
            release.member("tag_name", tag)
            release.member("target_commitish", "main")
            release.member("name", "\(tag) “Löwenzahn” 🌼")
            release.member("draft", false)
            release.member("author", raw: sender.json)
            release.member("prerelease", false)
            release.member("created_at", time)
            release.member("published_at", time)
            release.array("assets") { _ in }
            release.member("tarball_url", "\(api)/tarball/\(tag)")
            release.member("zipball_url", "\(api)/zipball/\(tag)")
            release.member("body", notes)
        }
    }

    mutating func star() {
        writer.member("action", "created")
        writer.member("starred_at", time)
    }

    mutating func deploymentStatus(_ state: String) {
        let id = id()
        let sha = random.hexadecimal(40)
        let environment = random.pick(["production", "staging", "vorschau"])
        let api = "\(repository.api)/deployments/\(id)"
        writer.member("action", "created")
        writer.object("deployment_status") { [repository, sender, time] status in
            status.member("url", api + "/statuses/1")
            status.member("id", id &+ 1)
            status.member("node_id", "DES_kwDO1")
            status.member("state", state)
            status.member("creator", raw: sender.json)
            status.member("description", "Rollout: 3/3 pods 🚀")
            status.member("environment", environment)
            status.member("target_url", "https://\(environment).example.com")
            status.member("created_at", time)
            status.member("updated_at", time)
            status.member("deployment_url", api)
            status.member("repository_url", repository.api)
        }
        writer.object("deployment") { [repository, sender, time] deployment in
            deployment.member("url", api)
            deployment.member("id", id)
            deployment.member("node_id", "DE_kwDO1")
            deployment.member("task", "deploy")
            deployment.member("environment", environment)
            deployment.nullMember("description")
            deployment.member("created_at", time)
            deployment.member("updated_at", time)
            deployment.member("statuses_url", api + "/statuses")
            deployment.member("repository_url", repository.api)
            deployment.member("creator", raw: sender.json)
            deployment.member("sha", sha)
            deployment.member("ref", repository.defaultBranch)
            deployment.object("payload") { _ in }
        }
    }

    mutating func ping() {
        writer.member("zen", "Keep it logically awesome.")
        writer.member("hook_id", 43_210_987)
        writer.object("hook") { [api = repository.api, time] hook in
            hook.member("type", "Repository")
            hook.member("id", 43_210_987)
            hook.member("name", "web")
            hook.member("active", true)
            hook.array("events") { $0.value("*") }
            hook.object("config") { config in
                config.member("content_type", "json")
                config.member("insecure_ssl", "0")
                config.member("url", "https://hooks.example.com/github")
            }
            hook.member("updated_at", time)
            hook.member("created_at", time)
            hook.member("url", api + "/hooks/43210987")
        }
    }
}
