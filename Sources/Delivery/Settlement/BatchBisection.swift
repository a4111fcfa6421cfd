/// Finds the records that make a target refuse a whole batch, by halving it.
///
/// ```
///   [0 1 2 3 4 5 6 7] refused         with 6 the poison record
///   [0 1 2 3] accepted   [4 5 6 7] refused
///                        [4 5] accepted   [6 7] refused
///                                         [6] refused = poison   [7] accepted
/// ```
///
/// Parts are sent in the order of the batch, so a partition's order holds. With `p` poison records among `n`, no more
/// than `1 + 2 p ⌈log2 n⌉` requests are made (and never more than `2 n - 1`). A batch refused for its size is handled
/// by the same halving. Both halves are always sent: a refusal need not have been the fault of a record.
package struct BatchBisection: Sendable {
    /// What follows from an answer.
    package enum Step: Hashable, Sendable {
        /// Send these records, by their position in the batch, as one request.
        case send(Range<Int>)
        /// Every record has its answer.
        case done
    }

    /// Positions that were refused alone, ascending.
    package private(set) var poison: [Int] = []
    /// Requests answered so far.
    package private(set) var requests = 0
    /// Parts still to send, the next one last.
    private var parts: [Range<Int>]

    /// - Parameter count: Records in the batch; none means done.
    package init(count: Int) {
        precondition(count >= 0, "a batch cannot have a negative size")
        parts = count == 0 ? [] : [0..<count]
    }

    /// What to do now. Asking again before an answer gives the same.
    package var next: Step {
        parts.last.map(Step.send) ?? .done
    }

    /// The part that ``next`` named was accepted, or each of its records has got its own answer.
    /// - Returns: The positions that are settled by it.
    package mutating func onAccepted() -> Range<Int> {
        guard let part = parts.popLast() else { return 0..<0 }
        requests += 1
        return part
    }

    /// The part that ``next`` named was refused as a whole. A failure worth a retry is not a refusal: send it again.
    /// - Returns: The position of a record that is now known to be poison.
    package mutating func onRefused() -> Int? {
        guard let part = parts.popLast() else { return nil }
        requests += 1
        guard part.count > 1 else {
            poison.append(part.lowerBound)
            return part.lowerBound
        }
        let middle = part.lowerBound + part.count / 2
        parts.append(middle..<part.upperBound)
        parts.append(part.lowerBound..<middle)
        return nil
    }
}
