internal import JSON

/// Writes the body of a planned delivery: the same plan, the same bytes.
struct PayloadRenderer {
    let planned: PlannedDelivery
    let world = GitHubWorld.standard
    var random: SeededGenerator
    var writer = JSONWriter(reservingCapacity: 20_000)

    init(_ planned: PlannedDelivery) {
        self.planned = planned
        random = SeededGenerator(seed: planned.seed)
    }

    var repository: GitHubWorld.Repository { world.repositories[planned.repository] }
    var sender: GitHubWorld.User { world.users[planned.sender] }
    var time: String { Self.time(planned.time) }

    /// The body as GitHub would write it, apart from what the plan's flaw breaks inside.
    mutating func body() -> [UInt8] {
        writer.beginObject()
        event()
        tail()
        writer.endObject()
        guard planned.flaw == .bodyIsArray else { return writer.bytes }
        return [UInt8(ascii: "[")] + writer.bytes + [UInt8(ascii: "]")]
    }

    private mutating func event() {
        switch planned.event {
        case .issues(let event): issues(event)
        case .issueComment(let issue): issueComment(issue)
        case .pullRequest(let action, let number): pullRequest(action, number)
        case .pullRequestReview(let number): review(number)
        case .push(let branch, let commits): push(branch, commits)
        case .workflowRun(let event): workflowRun(event)
        case .checkRun(let conclusion): checkRun(conclusion)
        case .release(let tag): release(tag)
        case .star: star()
        case .deploymentStatus(let state): deploymentStatus(state)
        case .ping: ping()
        }
    }

    /// What every delivery ends with.
    private mutating func tail() {
        if planned.flaw == .repositoryIsText {
            writer.member("repository", repository.fullName)
        } else {
            writer.member("repository", raw: repository.json)
        }
        writer.member("organization", raw: repository.organization)
        guard planned.flaw == .senderWithoutID else { return writer.member("sender", raw: sender.json) }
        writer.object("sender") { [login = sender.login] writer in
            writer.member("login", login)
            writer.member("type", "User")
        }
    }

    /// An id as large as GitHub's newest.
    mutating func id() -> Int64 { 9_007_199_254_740_993 + Int64(random.next() >> 24) }

    mutating func user() -> GitHubWorld.User { random.pick(world.users) }

    /// The fork that somebody has of the repository, in GitHub's short form.
    mutating func fork(of owner: GitHubWorld.User) -> [UInt8] {
        let name = repository.fullName.split(separator: "/").last.map(String.init) ?? ""
        let id = id()
        return JSONWriter.bytes { writer in
            writer.object { fork in
                fork.member("id", id)
                fork.member("name", name)
                fork.member("full_name", "\(owner.login)/\(name)")
                fork.member("private", false)
                fork.member("owner", raw: owner.json)
                fork.member("html_url", "https://github.com/\(owner.login)/\(name)")
                fork.member("description", optional: nil)
                fork.member("fork", true)
                fork.member("default_branch", "main")
            }
        }
    }

    /// `seconds` since 1970 as `2026-03-10T08:00:00Z`; days after Howard Hinnant's `civil_from_days`.
    static func time(_ seconds: Int64) -> String {
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let clock = seconds % 86_400
        let parts = [month, day, clock / 3600, clock / 60 % 60, clock % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(year)-\(parts[0])-\(parts[1])T\(parts[2]):\(parts[3]):\(parts[4])Z"
    }
}
