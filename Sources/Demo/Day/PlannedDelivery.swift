/// What the generator chose for one delivery: everything that its body, its answer and its effects follow from.
struct PlannedDelivery: Sendable {
    let id: String
    let event: GitHubEvent
    /// Index into ``GitHubWorld/repositories``.
    let repository: Int
    /// Index into ``GitHubWorld/users``.
    let sender: Int
    /// Of everything in the body that no expectation depends on.
    let seed: UInt64
    /// Seconds since 1970.
    let time: Int64
    var flaw: Flaw?
    /// Whether the same event was accepted before.
    var isRedelivery = false
}

/// What happened at GitHub.
enum GitHubEvent: Sendable {
    case issues(IssueEvent)
    case issueComment(issue: Int)
    case pullRequest(action: String, number: Int)
    case pullRequestReview(number: Int)
    case push(branch: String, commits: Int)
    case workflowRun(WorkflowRunEvent)
    case checkRun(conclusion: String)
    case release(tag: String)
    case star
    case deploymentStatus(state: String)
    case ping

    /// As `X-GitHub-Event` says it.
    var name: String {
        switch self {
        case .issues: "issues"
        case .issueComment: "issue_comment"
        case .pullRequest: "pull_request"
        case .pullRequestReview: "pull_request_review"
        case .push: "push"
        case .workflowRun: "workflow_run"
        case .checkRun: "check_run"
        case .release: "release"
        case .star: "star"
        case .deploymentStatus: "deployment_status"
        case .ping: "ping"
        }
    }

    /// Where `github-events` writes it.
    var topic: String {
        switch self {
        case .issues: "github.issues"
        case .pullRequest: "github.pull-request"
        case .push: "github.push"
        case .workflowRun: "github.workflow-run"
        case .release: "github.release"
        case .issueComment, .pullRequestReview, .checkRun, .star, .deploymentStatus, .ping: "github.other"
        }
    }
}

struct IssueEvent: Sendable {
    var action: String
    var number: Int
    /// Label of a `labeled` or `unlabeled` event.
    var label: String?
    /// Labels that the issue has anyway.
    var labels: [String]

    /// What `github-incident-to-ticket` is there for.
    var isIncident: Bool { action == "labeled" && label == "incident" }
}

struct WorkflowRunEvent: Sendable {
    /// `requested`, `in_progress` or `completed`.
    var action: String
    /// Only of a completed run.
    var conclusion: String?
    /// Index into ``GitHubWorld/workflows``.
    var workflow: Int
    var branch: String
    var isOnDefaultBranch: Bool
    /// From a fork whose branch happens to have the default branch's name.
    var isFromFork: Bool
    var runNumber: Int
    var attempt: Int

    /// What `ci-failure-to-ticket` does with it: `true` opens, `false` closes, `nil` is filtered.
    var opensTicket: Bool? {
        guard action == "completed", isOnDefaultBranch, !isFromFork else { return nil }
        return switch conclusion {
        case "failure", "timed_out", "startup_failure": true
        case "success": false
        default: nil
        }
    }
}

/// What is wrong with a delivery.
enum Flaw: Sendable, CaseIterable {
    /// Signed with another secret.
    case wrongSecret
    /// The body was changed after it was signed.
    case tampered
    /// A signature header that is no signature.
    case malformedSignature
    case missingSignature
    /// Larger than the listener's `max_body`.
    case oversized
    /// Signed after it was cut: authentic, and not JSON.
    case truncated
    /// `application/x-www-form-urlencoded`, GitHub's other content type.
    case formEncoded
    /// The repository is a name instead of an object.
    case repositoryIsText
    /// The sender has no id.
    case senderWithoutID
    /// The whole body is an array.
    case bodyIsArray
    /// The issue's number is missing.
    case issueWithoutNumber
    /// The issue's title is a number.
    case issueTitleIsNumber
    /// The run has no branch.
    case runWithoutBranch
    /// The run's conclusion is a word that GitHub does not have.
    case runConclusionIsUnknown

    /// The answer, where the listener refuses the delivery.
    var refusal: Int? {
        switch self {
        case .wrongSecret, .tampered, .malformedSignature, .missingSignature: 401
        case .oversized: 413
        case .formEncoded: 415
        default: nil
        }
    }

    /// Why `github-events` dead-letters it.
    var doorReason: String? {
        switch self {
        case .truncated: "decode"
        case .repositoryIsText, .senderWithoutID, .bodyIsArray: "schema"
        default: nil
        }
    }

    /// Whether the connector that reads the event's topic dead-letters it.
    var breaksTopicContract: Bool {
        switch self {
        case .issueWithoutNumber, .issueTitleIsNumber, .runWithoutBranch, .runConclusionIsUnknown: true
        default: false
        }
    }
}
