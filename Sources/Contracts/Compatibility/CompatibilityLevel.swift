/// What a new version of a contract must promise; the names of Confluent's registry in lower case.
///
/// Backward means that readers of the new version read what obeys the old one; forward, that readers of the old one read
/// what obeys the new one; full means both. Transitive levels compare with every version, the others with the latest.
package enum CompatibilityLevel: String, Sendable, CaseIterable {
    case none, backward, forward, full
    case backwardTransitive = "backward_transitive"
    case forwardTransitive = "forward_transitive"
    case fullTransitive = "full_transitive"

    /// Which way two versions are compared.
    package enum Direction: String, Sendable {
        /// What the old version accepts, the new one must accept.
        case backward
        /// What the new version accepts, the old one must accept.
        case forward
    }

    /// The comparisons that the level asks for, in the order in which they are reported.
    package var directions: [Direction] {
        switch self {
        case .none: []
        case .backward, .backwardTransitive: [.backward]
        case .forward, .forwardTransitive: [.forward]
        case .full, .fullTransitive: [.backward, .forward]
        }
    }

    /// Whether every earlier version counts and not only the latest.
    package var isTransitive: Bool {
        switch self {
        case .backwardTransitive, .forwardTransitive, .fullTransitive: true
        case .none, .backward, .forward, .full: false
        }
    }
}
