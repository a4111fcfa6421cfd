/// Pairs off the vertices of two sides along given edges, as many as possible.
///
/// Augmenting paths are searched breadth first from each vertex of the left side (Kuhn): at most vertices times edges.
struct BipartiteMatching {
    /// The right vertices that each left one may go with, the preferred first.
    private let edges: [[Int]]
    private let rightCount: Int
    /// The left partner of each right vertex.
    private var owners: [Int?]
    /// The right partner of each left vertex.
    private(set) var partners: [Int?]
    /// Pairs that were made.
    private(set) var count = 0

    init(_ edges: [[Int]], rightCount: Int) {
        self.edges = edges
        self.rightCount = rightCount
        owners = [Int?](repeating: nil, count: rightCount)
        partners = [Int?](repeating: nil, count: edges.count)
    }

    /// Makes the pairs.
    /// - Returns: The number of edges that were looked at; above `limit` it was given up with fewer pairs than possible.
    mutating func complete(limit: Int) -> Int {
        var steps = 0
        for left in edges.indices {
            for right in edges[left] where owners[right] == nil {
                owners[right] = left
                partners[left] = right
                count += 1
                break
            }
        }
        for left in edges.indices where partners[left] == nil {
            if augment(from: left, &steps) { count += 1 }
            if steps > limit { break }
        }
        return steps
    }

    /// Finds a way from a free left vertex to a free right one over pairs that can change partners, and changes them.
    private mutating func augment(from start: Int, _ steps: inout Int) -> Bool {
        var cameFrom = [Int?](repeating: nil, count: rightCount)
        var queue = [start]
        var next = 0
        while next < queue.count {
            let left = queue[next]
            next += 1
            steps += edges[left].count + 1
            for right in edges[left] where cameFrom[right] == nil {
                cameFrom[right] = left
                guard let owner = owners[right] else {
                    change(cameFrom, to: right)
                    return true
                }
                queue.append(owner)
            }
        }
        return false
    }

    private mutating func change(_ cameFrom: [Int?], to free: Int) {
        var right: Int? = free
        while let current = right, let left = cameFrom[current] {
            let previous = partners[left]
            partners[left] = current
            owners[current] = left
            right = previous
        }
    }
}
