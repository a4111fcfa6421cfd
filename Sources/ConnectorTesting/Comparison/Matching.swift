/// Pairs expected things with actual ones, each with at most one.
///
/// A broad expectation must not take what only a narrow one fits: pairs are moved along augmenting paths (Kuhn's
/// algorithm), so that as many as possible are matched.
struct Matching {
    /// Expectations without a partner, in order.
    private(set) var unmatched: [Int] = []
    /// Indices of actual things without a partner, in order.
    private(set) var left: [Int] = []

    /// - Parameters:
    ///   - expected: how many expectations there are.
    ///   - actual: how many things there are.
    ///   - fits: whether a thing is what an expectation wants.
    init(expected: Int, actual: Int, fits: (_ expectation: Int, _ thing: Int) -> Bool) {
        let edges = (0..<expected).map { expectation in (0..<actual).filter { fits(expectation, $0) } }
        var partner = [Int?](repeating: nil, count: actual)
        for expectation in 0..<expected {
            var visited: Set<Int> = []
            if !Self.place(expectation, edges, &partner, &visited) { unmatched.append(expectation) }
        }
        left = partner.indices.filter { partner[$0] == nil }
    }

    private static func place(
        _ expectation: Int,
        _ edges: [[Int]],
        _ partner: inout [Int?],
        _ visited: inout Set<Int>
    ) -> Bool {
        for thing in edges[expectation] where visited.insert(thing).inserted {
            guard let holder = partner[thing] else {
                partner[thing] = expectation
                return true
            }
            if place(holder, edges, &partner, &visited) {
                partner[thing] = expectation
                return true
            }
        }
        return false
    }
}
