/// What comparing a pair of schemas found. Shared by all places that lead to the pair, so that a pair is compared once and
/// its findings are not copied.
final class PairResult: Sendable {
    let findings: [Finding]
    /// Whether the policy allows all of them.
    let isAllowed: Bool

    static let same = PairResult(findings: [], isAllowed: true)

    init(findings: [Finding], isAllowed: Bool) {
        self.findings = findings
        self.isAllowed = isAllowed
    }
}

/// One difference, or all of a pair below; `path` is relative to the pair that it belongs to.
struct Finding: Sendable {
    enum Content: Sendable {
        case difference(Difference)
        case pair(PairResult)
    }

    struct Difference: Sendable {
        let rule: ConfluentRule
        let old: SchemaModel.Spot?
        let new: SchemaModel.Spot?
        var leftOver: LeftOver?
    }

    /// A part of a combination that fits none of the other side's: schemas of the model.
    struct LeftOver: Sendable {
        let part: Int
        let isOld: Bool
        let others: [Int]
    }

    let path: String
    let content: Content
}

/// Collects the findings of one pair in the registry's order.
struct Findings {
    let isLenient: Bool
    private var findings: [Finding] = []
    private var isAllowed = true

    init(isLenient: Bool) {
        self.isLenient = isLenient
    }

    var result: PairResult {
        findings.isEmpty ? .same : PairResult(findings: findings, isAllowed: isAllowed)
    }

    mutating func add(
        _ rule: ConfluentRule,
        _ path: String,
        old: SchemaModel.Spot?,
        new: SchemaModel.Spot?,
        leftOver: Finding.LeftOver? = nil
    ) {
        let difference = Finding.Difference(rule: rule, old: old, new: new, leftOver: leftOver)
        findings.append(Finding(path: path, content: .difference(difference)))
        isAllowed = isAllowed && rule.isAllowed(leniently: isLenient)
    }

    mutating func add(_ result: PairResult, _ path: String) {
        guard !result.findings.isEmpty else { return }
        findings.append(Finding(path: path, content: .pair(result)))
        isAllowed = isAllowed && result.isAllowed
    }
}

extension PairResult {
    /// One difference with its path from the root of the documents.
    struct Flat {
        let path: String
        let difference: Finding.Difference
        var rule: ConfluentRule { difference.rule }
    }

    /// The differences that are listed at most; a small schema whose parts refer to each other can have millions of paths
    /// to one change.
    static let maxListed = 1_000

    /// The differences in order, at most ``maxListed`` and then, if none of them is refused, the first one that is.
    func flattened(leniently isLenient: Bool) -> [Flat] {
        var flat: [Flat] = []
        var needsRefusal = !isAllowed
        var work = [(path: "#/", result: self, next: 0)]
        while let (path, result, next) = work.last {
            guard next < result.findings.count, flat.count < Self.maxListed || needsRefusal else {
                work.removeLast()
                continue
            }
            work[work.count - 1].next += 1
            let isFull = flat.count >= Self.maxListed
            let finding = result.findings[next]
            let place = Self.path(path, finding.path)
            switch finding.content {
            case .pair(let pair):
                if !isFull || !pair.isAllowed { work.append((place, pair, 0)) }
            case .difference(let difference):
                let isRefused = !difference.rule.isAllowed(leniently: isLenient)
                guard !isFull || isRefused else { continue }
                if isRefused { needsRefusal = false }
                flat.append(Flat(path: place, difference: difference))
            }
        }
        return flat
    }

    /// The same with its differences beside each other, as far as they are listed.
    func flat(leniently isLenient: Bool) -> PairResult {
        let findings = flattened(leniently: isLenient).map { flat in
            Finding(path: String(flat.path.dropFirst(2)), content: .difference(flat.difference))
        }
        return PairResult(findings: findings, isAllowed: isAllowed)
    }

    private static func path(_ prefix: String, _ path: String) -> String {
        if path.isEmpty { return prefix }
        return prefix == "#/" ? prefix + path : prefix + "/" + path
    }
}
