/// Why a transaction call failed, by what its caller has to do: the three classes of KIP-98 and of rdkafka.h
/// ("Transactional producer API", error handling). A switch over it treats every case there is.
///
/// | class | the transaction | the caller |
/// |---|---|---|
/// | retriable | undecided | makes the same call again |
/// | abortable | cannot be committed | calls ``LogProducer/abortTransaction()``, then goes on with the next one |
/// | fatal | belongs to the next producer of the id | closes the producer and opens another |
public enum TransactionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The call did not come to an end within ``ProducerConfiguration/transactionTimeout``; the same call goes on where
    /// this one stopped. No other transaction call helps.
    case retriable(LogError)
    /// Something of the transaction failed for good (a record, its offsets, its time, a call out of order): after an abort
    /// the same work may be tried again with the same producer.
    case abortable(LogError)
    /// This producer ends no transaction any more: it was fenced or closed, librdkafka gave up on it, or it was called
    /// for a transaction that it does not have. What was open is aborted by the next producer of the same transactional id.
    case fatal(LogError)

    /// What happened, whatever has to be done about it.
    public var cause: LogError {
        switch self {
        case .retriable(let error), .abortable(let error), .fatal(let error): error
        }
    }

    /// The cause's text after the class.
    public var description: String {
        switch self {
        case .retriable(let error): "retriable: \(error)"
        case .abortable(let error): "abortable: \(error)"
        case .fatal(let error): "fatal: \(error)"
        }
    }
}
