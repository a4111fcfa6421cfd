/// Finds the word that somebody probably meant.
package enum Suggestion {
    /// The candidate nearest to `word`, when it is near enough to be a slip: a third of its letters, at least one.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        let limit = max(1, min(word.count, 60) / 3)
        let ranked =
            candidates
            .map { (candidate: $0, distance: distance(word.lowercased(), $0.lowercased())) }
            .filter { $0.distance <= limit }
        return ranked.min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?.candidate
    }

    /// How many insertions, deletions, substitutions and swaps of neighbours turn one word into the other (optimal
    /// string alignment).
    package static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left.unicodeScalars.prefix(64))
        let b = Array(right.unicodeScalars.prefix(64))
        var rows = [Array(0...b.count)]
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
