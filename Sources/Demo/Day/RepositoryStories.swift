/// What goes on in the repositories: numbers go up, incidents come back, builds break and are repaired.
struct RepositoryStories {
    private struct Story {
        var lastNumber = 100
        var lastRun = 4_000
        var issues: [Int] = []
        var pulls: [Int] = []
        var incidents: [Int] = []
        var release = 0
    }

    private var stories: [Story]

    init(repositories: Int) {
        stories = Array(repeating: Story(), count: repositories)
    }

    /// Any event but a ping, as often as a busy organization has them.
    mutating func event(of repository: Int, _ random: inout SeededGenerator) -> GitHubEvent {
        switch random.index(weights: [18, 14, 14, 6, 18, 14, 8, 2, 3, 3]) {
        case 0: .issues(issue(of: repository, &random))
        case 1: .issueComment(issue: known(\.issues, of: repository, &random))
        case 2: pullRequest(of: repository, &random)
        case 3: .pullRequestReview(number: known(\.pulls, of: repository, &random))
        case 4: .push(branch: branch(&random), commits: 1 + random.number(below: 8))
        case 5: .workflowRun(run(of: repository, &random))
        case 6: .checkRun(conclusion: random.pick(["success", "success", "neutral", "failure"]))
        case 7: release(of: repository)
        case 8: .star
        default: .deploymentStatus(state: random.pick(["pending", "in_progress", "success", "failure"]))
        }
    }

    mutating func issue(of repository: Int, _ random: inout SeededGenerator) -> IssueEvent {
        let labels = random.chance(50) ? [random.pick(Self.labels)] : []
        if random.chance(25) { return incident(of: repository, &random) }
        switch random.index(weights: [35, 25, 8, 16, 16]) {
        case 0:
            return IssueEvent(action: "opened", number: newIssue(of: repository), label: nil, labels: labels)
        case 1:
            let number = known(\.issues, of: repository, &random)
            // Looks like an incident, and is none: the label was there before, or is spelled otherwise.
            let label = random.pick(Self.labels + ["Incident", "incident-review"])
            return IssueEvent(
                action: "labeled",
                number: number,
                label: label,
                labels: random.chance(20) ? labels + ["incident"] : labels
            )
        case 2:
            let number = known(\.issues, of: repository, &random)
            return IssueEvent(action: "unlabeled", number: number, label: "incident", labels: labels)
        case 3:
            let number = known(\.issues, of: repository, &random)
            return IssueEvent(action: "closed", number: number, label: nil, labels: labels)
        default:
            let number = known(\.issues, of: repository, &random)
            return IssueEvent(
                action: random.pick(["edited", "assigned", "reopened"]),
                number: number,
                label: nil,
                labels: labels
            )
        }
    }

    /// Every fifth incident is one that had the label before: another event, the same ticket.
    private mutating func incident(of repository: Int, _ random: inout SeededGenerator) -> IssueEvent {
        let number: Int
        if !stories[repository].incidents.isEmpty, random.chance(20) {
            number = random.pick(stories[repository].incidents)
        } else {
            number = newIssue(of: repository)
            stories[repository].incidents.append(number)
        }
        return IssueEvent(action: "labeled", number: number, label: "incident", labels: ["bug"])
    }

    private mutating func pullRequest(of repository: Int, _ random: inout SeededGenerator) -> GitHubEvent {
        guard random.chance(60) else {
            stories[repository].lastNumber += 1
            stories[repository].pulls.append(stories[repository].lastNumber)
            return .pullRequest(action: "opened", number: stories[repository].lastNumber)
        }
        let action = random.pick(["synchronize", "synchronize", "edited", "closed", "ready_for_review"])
        return .pullRequest(action: action, number: known(\.pulls, of: repository, &random))
    }

    private mutating func release(of repository: Int) -> GitHubEvent {
        stories[repository].release += 1
        return .release(tag: "v2.\(stories[repository].release).0")
    }

    private mutating func run(of repository: Int, _ random: inout SeededGenerator) -> WorkflowRunEvent {
        var run = failedRun(of: repository, &random)
        let isOnDefaultBranch = random.chance(65)
        run.isOnDefaultBranch = isOnDefaultBranch
        if !isOnDefaultBranch { run.branch = branch(&random) }
        run.isFromFork = isOnDefaultBranch && random.chance(6)
        run.action = ["completed", "requested", "in_progress"][random.index(weights: [76, 14, 10])]
        let conclusions = ["success", "failure", "timed_out", "cancelled", "skipped"]
        run.conclusion = run.action == "completed" ? conclusions[random.index(weights: [58, 26, 4, 8, 4])] : nil
        return run
    }

    /// A run on the default branch that failed.
    mutating func failedRun(of repository: Int, _ random: inout SeededGenerator) -> WorkflowRunEvent {
        stories[repository].lastRun += 1
        return WorkflowRunEvent(
            action: "completed",
            conclusion: "failure",
            workflow: random.number(below: GitHubWorld.workflows.count),
            branch: GitHubWorld.standard.repositories[repository].defaultBranch,
            isOnDefaultBranch: true,
            isFromFork: false,
            runNumber: stories[repository].lastRun,
            attempt: random.chance(15) ? 2 : 1
        )
    }

    private mutating func newIssue(of repository: Int) -> Int {
        stories[repository].lastNumber += 1
        stories[repository].issues.append(stories[repository].lastNumber)
        return stories[repository].lastNumber
    }

    private func known(
        _ numbers: KeyPath<Story, [Int]>,
        of repository: Int,
        _ random: inout SeededGenerator
    ) -> Int {
        let known = stories[repository][keyPath: numbers]
        return known.isEmpty ? 1 + random.number(below: 99) : random.pick(known)
    }

    private func branch(_ random: inout SeededGenerator) -> String {
        random.pick(["feature/größe-anzeigen", "fix/race-in-scheduler", "renovate/swift-nio-2.x", "wip-日本語", "perf"])
    }

    private static let labels = ["bug", "enhancement", "documentation", "good first issue", "área: rede", "🔥 hot"]
}
