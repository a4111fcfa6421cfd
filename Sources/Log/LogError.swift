/// What went wrong between a client and the log, classified by what a caller can do about it.
public struct LogError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The closed set of causes that callers tell apart. Everything else is ``other``, with the log's own name for it in
    /// ``LogError/name``.
    public enum Code: String, Sendable, CaseIterable {
        /// No broker answers.
        case unreachable
        /// The call did not finish in its time; whether it took effect is unknown.
        case timedOut
        /// The local queue is full: wait for delivery reports.
        case queueFull
        /// A record is larger than the broker or the client allows.
        case tooLarge
        /// The topic or the partition does not exist, as far as the broker or the client knows yet.
        case unknownTopicOrPartition
        /// The offset asked for is not in the log (deleted by retention, or beyond the end).
        case offsetOutOfRange
        /// A newer producer with the same transactional id, or a newer generation of the group, has taken over.
        case fenced
        /// The consumer is not, or no longer, a member of the group generation it acts for.
        case staleGeneration
        /// A broker does not believe who the client says it is, or the client does not trust the broker's certificate.
        case authentication
        /// The broker knows who the client is and does not let it do this.
        case authorization
        /// A record or response failed its checksum or could not be decoded.
        case corrupt
        /// The client's configuration was refused; the message is the client's own.
        case configuration
        /// The client was closed.
        case closed
        /// None of these; see ``LogError/name``.
        case other
    }

    /// What callers tell errors apart by.
    public var code: Code
    /// The log's own name for the error, for example `_MSG_TIMED_OUT`; bounded, fit for a metric label.
    public var name: String
    /// What happened and, where it is known, what to do about it. Never holds keys or values.
    public var message: String
    /// The same call may succeed later.
    public var isRetriable: Bool
    /// The client is unusable and must be replaced.
    public var isFatal: Bool

    /// An error of this code, under the log's name for it.
    public init(
        _ code: Code,
        name: String,
        message: String,
        isRetriable: Bool = false,
        isFatal: Bool = false
    ) {
        self.code = code
        self.name = name
        self.message = message
        self.isRetriable = isRetriable
        self.isFatal = isFatal
    }

    public var description: String { "\(message) [\(name)]" }
}
