internal import JSON

extension PayloadRenderer {
    mutating func issues(_ event: IssueEvent) {
        writer.member("action", event.action)
        issue(event.number, labels: event.labels + (event.action == "labeled" ? [event.label].compactMap(\.self) : []))
        if let label = event.label {
            writer.key("label")
            self.label(label)
        }
        if event.action == "assigned" { writer.member("assignee", raw: user().json) }
        if event.action == "edited" {
            writer.object("changes") { changes in
                changes.object("title") { $0.member("from", "WIP") }
            }
        }
    }

    mutating func issueComment(_ number: Int) {
        writer.member("action", "created")
        issue(number, labels: [])
        let id = id()
        writer.key("comment")
        writer.beginObject()
        writer.member("url", "\(repository.api)/issues/comments/\(id)")
        writer.member("html_url", "\(repository.html)/issues/\(number)#issuecomment-\(id)")
        writer.member("issue_url", "\(repository.api)/issues/\(number)")
        writer.member("id", id)
        writer.member("node_id", "IC_kwDO\(random.hexadecimal(8))")
        writer.member("user", raw: sender.json)
        writer.member("created_at", time)
        writer.member("updated_at", time)
        writer.member("author_association", "MEMBER")
        writer.member("body", Prose.text(&random, sentences: 1...12))
        reactions("\(repository.api)/issues/comments/\(id)/reactions")
        writer.nullMember("performed_via_github_app")
        writer.endObject()
    }

    private mutating func issue(_ number: Int, labels: [String]) {
        let api = "\(repository.api)/issues/\(number)"
        let author = user()
        writer.key("issue")
        writer.beginObject()
        writer.member("url", api)
        writer.member("repository_url", repository.api)
        writer.member("labels_url", api + "/labels{/name}")
        writer.member("comments_url", api + "/comments")
        writer.member("events_url", api + "/events")
        writer.member("html_url", "\(repository.html)/issues/\(number)")
        writer.member("id", id())
        writer.member("node_id", "I_kwDO\(random.hexadecimal(8))")
        if planned.flaw != .issueWithoutNumber { writer.member("number", number) }
        if planned.flaw == .issueTitleIsNumber {
            writer.member("title", 404)
        } else {
            writer.member("title", random.pick(Prose.titles))
        }
        writer.member("user", raw: author.json)
        writer.key("labels")
        writer.beginArray()
        for name in labels { label(name) }
        writer.endArray()
        writer.member("state", "open")
        writer.member("locked", false)
        writer.nullMember("assignee")
        writer.array("assignees") { _ in }
        milestone()
        writer.member("comments", random.number(below: 30))
        writer.member("created_at", "2026-03-02T09:11:42Z")
        writer.member("updated_at", time)
        writer.nullMember("closed_at")
        writer.member("author_association", "CONTRIBUTOR")
        writer.nullMember("active_lock_reason")
        writer.member("body", Prose.text(&random, sentences: 1...20))
        reactions(api + "/reactions")
        writer.member("timeline_url", api + "/timeline")
        writer.nullMember("performed_via_github_app")
        writer.nullMember("state_reason")
        writer.endObject()
    }

    mutating func label(_ name: String) {
        let id = id()
        writer.object { [api = repository.api] writer in
            writer.member("id", id)
            writer.member("node_id", "LA_kwDO\(name.utf8.count)")
            writer.member("url", "\(api)/labels/\(Self.percentEncoded(name))")
            writer.member("name", name)
            writer.member("color", "d73a4a")
            writer.member("default", name == "bug")
            writer.nullMember("description")
        }
    }

    private mutating func milestone() {
        guard random.chance(30) else { return writer.nullMember("milestone") }
        let creator = user()
        writer.object("milestone") { [api = repository.api, html = repository.html] writer in
            writer.member("url", api + "/milestones/7")
            writer.member("html_url", html + "/milestone/7")
            writer.member("labels_url", api + "/milestones/7/labels")
            writer.member("id", 12_345_678)
            writer.member("node_id", "MI_kwDO7")
            writer.member("number", 7)
            writer.member("title", "Frühjahr 2026")
            writer.nullMember("description")
            writer.member("creator", raw: creator.json)
            writer.member("open_issues", 9)
            writer.member("closed_issues", 31)
            writer.member("state", "open")
            writer.member("created_at", "2026-01-07T08:00:00Z")
            writer.member("updated_at", "2026-03-09T16:20:00Z")
            writer.nullMember("due_on")
            writer.nullMember("closed_at")
        }
    }

    mutating func reactions(_ url: String) {
        writer.object("reactions") { writer in
            writer.member("url", url)
            writer.member("total_count", 0)
            for name in ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"] {
                writer.member(name, 0)
            }
        }
    }

    static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = text.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"): [byte]
            default: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
