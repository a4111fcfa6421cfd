internal import Contracts
internal import JSON

extension SubjectReview {
    /// What the new version breaks under the level.
    func compare(_ new: ComparedSchema, _ earlier: [ComparedSchema], _ file: String, into report: inout SubjectReport) {
        let check = CompatibilityCheck(
            of: new,
            after: earlier,
            level: report.level,
            policy: settings.policy,
            listsHarmless: false
        )
        var findings: [CheckFinding] = []
        var known: [JSONName: Int] = [:]
        for comparison in check.findings {
            for difference in comparison.comparison.differences where difference.effect != .compatible {
                let finding = finding(difference, comparison, new, file)
                // A difference to several versions is one finding.
                let name = JSONName(finding.fingerprint)
                if let index = known[name] {
                    findings[index].change?.against += finding.change?.against ?? []
                    if difference.effect == .incompatible { findings[index].severity = .error }
                } else {
                    known[name] = findings.count
                    findings.append(finding)
                }
            }
        }
        report.findings += findings
    }

    private func finding(
        _ difference: SchemaDifference,
        _ comparison: CompatibilityCheck.Finding,
        _ new: ComparedSchema,
        _ file: String
    ) -> CheckFinding {
        // Of a forward comparison the sides are exchanged: there the new version comes first.
        let isBackward = comparison.direction == .backward
        let (oldPointer, newPointer) =
            isBackward
            ? (difference.oldPointer, difference.newPointer) : (difference.newPointer, difference.oldPointer)
        let (old, now) = isBackward ? (difference.old, difference.new) : (difference.new, difference.old)
        let change = CheckFinding.Change(
            against: comparison.against.map { [$0] } ?? [],
            direction: comparison.direction,
            path: difference.path,
            oldPointer: oldPointer,
            old: old,
            new: now,
            counterexample: difference.counterexample,
            refusal: difference.violation?.message
        )
        let isUnknown = difference.effect == .unknown
        return CheckFinding(
            difference.rule,
            isUnknown ? settings.unknown : .error,
            subject: name,
            version: new.version,
            sentence(difference, comparison, new),
            at: .init(file, pointer: newPointer ?? oldPointer ?? "", in: new.bytes),
            change: change,
            advice: difference.advice
        )
    }

    private func sentence(
        _ difference: SchemaDifference,
        _ comparison: CompatibilityCheck.Finding,
        _ new: ComparedSchema
    ) -> String {
        let (now, before) = ("v\(new.version ?? 0)", "v\(comparison.against ?? 0)")
        let (giver, taker) = comparison.direction == .backward ? (before, now) : (now, before)
        if difference.effect == .unknown {
            return "whether all that \(giver) accepts is accepted by \(taker) is not known"
                + (difference.reason.map { ": \($0)" } ?? "")
        }
        if let document = difference.counterexample {
            let why = difference.violation.map { ": \($0.message)" } ?? ""
            return "\(document.description.cut(to: 200)) is valid under \(giver) and refused by \(taker)\(why)"
        }
        return "policy \(settings.policy.rawValue) does not allow this change"
            + (difference.reason.map { ": \($0)" } ?? "")
    }
}
