/// Accounting travels in the metadata of the offset commit it belongs to, so that offset and counts can never
/// disagree, whatever the moment of a crash. Kafka allows 4096 bytes (`offset.metadata.max.bytes`); the longest text
/// written here has under 500.
///
/// ```
/// busbar1;consumed=107;delivered=100;filtered=5;schema=2
/// ```
///
/// `busbar` and the version, then `name=count`: dead letters by their reason, zeros left out. `consumed` is the sum
/// of the rest and serves as the check. Unknown names are refused, because leaving out what they count would
/// unbalance the sum: a new name is a new version.
extension Accounting {
    private static let mark = "busbar"
    private static let version = "1"

    /// The text to commit together with the offset that `settled` reaches.
    ///
    /// What is in flight is left out: it lies behind the committed offset and will be consumed again.
    package var metadata: String {
        var text = "\(Accounting.mark)\(Accounting.version);consumed=\(settled.total)"
        for outcome in Outcome.allCases where settled[outcome] != 0 {
            text += ";\(outcome.fieldName)=\(settled[outcome])"
        }
        return text
    }

    /// Reads back what ``metadata`` wrote.
    ///
    /// - Parameter metadata: The commit's metadata; nil or empty when there is none.
    /// - Throws: `metadataAbsent`, `metadataForeign`, `metadataVersion` or `metadataDamaged`. None of them stops a
    ///   connector: counting starts anew at the committed offset and the driver says so once.
    package init(metadata: String?) throws(DeliveryError) {
        guard let metadata, !metadata.isEmpty else {
            throw DeliveryError(
                .metadataAbsent,
                "The commit carries no accounting; counting starts here."
            )
        }
        let fields = metadata.split(separator: ";", omittingEmptySubsequences: false)
        try Accounting.checkHeader(fields[0])
        var consumed: Int64?
        var tally = Tally()
        for field in fields.dropFirst() {
            let (name, count) = try Accounting.parse(field)
            if name == "consumed" {
                try Accounting.checkOnce(consumed == nil, name)
                consumed = count
            } else if let outcome = Outcome.named[name] {
                try Accounting.checkOnce(tally[outcome] == 0, name)
                tally[outcome] = count
            } else {
                throw Accounting.damaged("it has an unknown field", at: name)
            }
        }
        guard tally.total == consumed else {
            throw Accounting.damaged(
                "its outcomes sum to \(tally.total), not to what was consumed",
                at: "consumed"
            )
        }
        self.init(committed: tally)
    }

    private static func checkHeader(_ header: Substring) throws(DeliveryError) {
        guard header.hasPrefix(mark), header.dropFirst(mark.count).allSatisfy(\.isNumber) else {
            throw DeliveryError(
                .metadataForeign,
                "The commit's metadata was written by another client; counting starts here."
            )
        }
        guard header.dropFirst(mark.count) == version else {
            throw DeliveryError(
                .metadataVersion,
                "The commit's accounting has format \(header.prefix(24)), this busbar reads \(mark)\(version); "
                    + "counting starts here. Use the busbar that wrote it to keep the counts."
            )
        }
    }

    /// Reads one `name=count`. A count has at most 18 digits, so no sum of 16 of them overflows.
    private static func parse(_ field: Substring) throws(DeliveryError) -> (
        name: String, count: Int64
    ) {
        let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0].prefix(32))
        guard parts.count == 2, parts[1].utf8.count <= 18, let count = Int64(parts[1]), count >= 0
        else {
            throw damaged("a field is not name=count with a count of at most 18 digits", at: name)
        }
        return (name, count)
    }

    private static func checkOnce(_ isFirst: Bool, _ name: String) throws(DeliveryError) {
        guard isFirst else { throw damaged("a field occurs twice", at: name) }
    }

    private static func damaged(_ what: String, at field: String) -> DeliveryError {
        DeliveryError(
            .metadataDamaged,
            "The commit's accounting cannot be used: \(what). Counting starts here.",
            location: field
        )
    }
}

extension Outcome {
    /// Name in commit metadata: the outcome, or for a dead letter its reason.
    var fieldName: String {
        if case .deadLettered(let reason) = self { reason.rawValue } else { label }
    }

    static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.fieldName, $0) })
}
