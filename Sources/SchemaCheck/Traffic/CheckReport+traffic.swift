internal import Contracts
internal import Log
package import Traffic

extension CheckReport {
    /// What was found of a subject; nil when it does not differ from what was released.
    package func changes(of subject: TopicSubject) -> SubjectReport? {
        subjects.first { $0.folder == subject.folder && $0.name == subject.name }
    }

    /// Adds to the findings of a subject what its newest version, which is new, says of the records of a topic.
    package mutating func add(_ traffic: TrafficReport, of subject: TopicSubject) {
        let index = subjects.firstIndex { $0.folder == subject.folder && $0.name == subject.name }
        if let index { subjects[index].add(traffic) }
    }
}

extension SubjectReport {
    fileprivate mutating func add(_ traffic: TrafficReport) {
        guard let newest else { return }
        for (keyword, group) in traffic.rankedGroups { findings.append(rejected(keyword, group, traffic, newest)) }
        // Where no record could be held against the version, nothing is known, which must not look like nothing is wrong.
        let judged = traffic.records - traffic.tombstones - traffic.notJSON.records - traffic.unprefixed.records
        let severity = judged == 0 ? CheckFinding.Severity.error : .warning
        if traffic.notJSON.records > 0 {
            findings.append(unreadable(traffic.notJSON, "are not JSON", severity, traffic, newest))
        }
        if traffic.unprefixed.records > 0 {
            let what = "do not start with byte 0 and a schema's id"
            findings.append(unreadable(traffic.unprefixed, what, severity, traffic, newest))
        }
    }

    private func file(_ schema: ComparedSchema) -> String { "\(folder)/\(name)/v\(schema.version ?? 0).json" }

    private func rejected(
        _ keyword: String,
        _ group: TrafficReport.Group,
        _ traffic: TrafficReport,
        _ newest: ComparedSchema
    ) -> CheckFinding {
        // A keyword of another document is named by its URI.
        let isOwn = keyword.isEmpty || keyword.hasPrefix("/")
        let version = "v\(newest.version ?? 0)"
        let counts = "\(group.records.grouped) of \(traffic.records.grouped) records of \(traffic.topic)"
        return CheckFinding(
            .recordsRejected,
            subject: name,
            version: newest.version,
            "\(version) refuses \(counts)" + (isOwn ? "" : " by \(keyword)") + before(group),
            at: isOwn ? .init(file(newest), pointer: keyword, in: newest.bytes) : .init(file(newest)),
            records: records(group, traffic),
            advice: [
                "Let \(version) accept them, or have the writers changed first and release it when the topic no longer "
                    + "holds such records."
            ]
        )
    }

    /// What is not the change's fault.
    private func before(_ group: TrafficReport.Group) -> String {
        guard group.rejectedBefore > 0, let version = previous?.version else { return "" }
        return group.rejectedBefore == group.records
            ? "; v\(version) refuses them too" : "; v\(version) refuses \(group.rejectedBefore.grouped) of them too"
    }

    private func unreadable(
        _ group: TrafficReport.Group,
        _ what: String,
        _ severity: CheckFinding.Severity,
        _ traffic: TrafficReport,
        _ newest: ComparedSchema
    ) -> CheckFinding {
        let counts = "\(group.records.grouped) of \(traffic.records.grouped) records of \(traffic.topic)"
        return CheckFinding(
            .recordsUnreadable,
            severity,
            subject: name,
            version: newest.version,
            "\(counts) \(what)",
            at: .init(file(newest)),
            records: records(group, traffic),
            advice: [
                traffic.looksPrefixed > 0
                    ? "\(traffic.looksPrefixed.grouped) of them start with byte 0, as Confluent's serializers write them: "
                        + "say --encoding confluent-json."
                    : "Find out who wrote them: no contract describes them."
            ]
        )
    }

    private func records(_ group: TrafficReport.Group, _ traffic: TrafficReport) -> CheckFinding.Records {
        CheckFinding.Records(
            topic: traffic.topic.rawValue,
            count: group.records,
            total: traffic.records,
            examples: group.examples
        )
    }
}

extension CheckFinding.Records {
    /// A line for each example, and one for how many more there are.
    var lines: [String] {
        let shown = examples.map { example in
            let pointer = example.instance.isEmpty ? "" : "  \(example.instance)"
            return "\(topic)/\(example.position)\(pointer)  \(example.message)"
        }
        return count > examples.count ? shown + ["and \((count - examples.count).grouped) more"] : shown
    }
}
