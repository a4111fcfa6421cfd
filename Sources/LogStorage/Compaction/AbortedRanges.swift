internal import KafkaProtocol

/// Which batches belong to aborted transactions.
struct AbortedRanges {
    private let entries: [Int64: [AbortedEntry]]

    init(_ entries: [AbortedEntry]) {
        self.entries = Dictionary(grouping: entries, by: \.producerID)
    }

    func contains(_ header: RecordBatchHeader) -> Bool {
        guard header.attributes.isTransactional, let entries = entries[header.producerID] else { return false }
        return entries.contains { $0.firstOffset <= header.baseOffset && header.baseOffset < $0.lastOffset }
    }
}
