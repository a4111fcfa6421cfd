/// Finds the name that somebody probably meant.
enum NearName {
    /// The candidate with the fewest edits from `name`, nil when even that needs more than a third of its length.
    static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let scored = candidates.map { (name: $0, edits: distance($0.lowercased(), name.lowercased())) }
        guard let best = scored.min(by: { ($0.edits, $0.name) < ($1.edits, $1.name) }) else { return nil }
        return best.edits <= max(1, name.count / 3) ? best.name : nil
    }

    /// `; did you mean 'x'?`, or the first ten candidates when none is near.
    static func hint(for name: String, among candidates: some Collection<String>) -> String {
        if let near = of(name, among: candidates) { return "; did you mean '\(near)'?" }
        guard !candidates.isEmpty else { return "; there are none" }
        let more = candidates.count > 10 ? ", …" : ""
        return "; there are " + candidates.sorted().prefix(10).joined(separator: ", ") + more
    }

    /// Insertions, deletions, substitutions (Levenshtein). Names are short, so quadratic time is fine.
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.unicodeScalars.prefix(300))
        var row = Array(0...right.count)
        for (index, scalar) in left.unicodeScalars.prefix(300).enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let substitution = diagonal + (right[column] == scalar ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substitution, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
