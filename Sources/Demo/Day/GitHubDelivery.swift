/// One HTTP request as GitHub would send it, or as somebody would who pretends to be GitHub.
package struct GitHubDelivery: Sendable {
    /// What must become of a delivery at the listener and in `github-events`.
    package enum Expectation: Sendable, Hashable {
        /// Answered with this status; nothing is stored.
        case refused(status: Int)
        /// Accepted and passed over: a ping.
        case filtered
        /// Accepted and dead-lettered at the door, for one of DESIGN.md's reasons.
        case deadLettered(reason: String)
        /// Accepted and written to this topic.
        case stored(topic: String)

        /// Of the answer.
        package var status: Int {
            if case .refused(let status) = self { status } else { 202 }
        }
    }

    /// `X-GitHub-Delivery`; a redelivery carries that of its original.
    package let id: String
    /// In the order of GitHub's own requests. `Content-Length` and `Host` are the client's to set.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    package let expected: Expectation
    /// The number of the repository. Deliveries of one lane are to be sent one after the other, each when the one before
    /// has its answer: the truth about tickets depends on their order. Lanes are independent of each other.
    package let lane: Int
    /// Whether an earlier delivery had the same id and body and was accepted.
    package let isRedelivery: Bool
}
