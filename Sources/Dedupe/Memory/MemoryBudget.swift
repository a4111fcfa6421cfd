/// The memory that the key sets of one connector may hold together.
///
/// Counted are the slots of all tables; while a table grows, the old and the new one both count, so the bound holds at
/// every moment. Not counted: 48 bytes per record that is not yet both sealed and committed, which the caller bounds by
/// what it keeps in flight.
final class MemoryBudget {
    let maximumBytes: Int
    private(set) var usedBytes = 0

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// Whether `bytes` more fit; if so they count from now on.
    func reserve(_ bytes: Int) -> Bool {
        guard bytes <= maximumBytes - usedBytes else { return false }
        usedBytes += bytes
        return true
    }

    func release(_ bytes: Int) {
        usedBytes -= bytes
    }

    func exhausted() -> DedupeError {
        DedupeError(
            .memoryFull,
            """
            the dedupe keys would need more than the bound of \(maximumBytes) bytes; commit what is in flight, \
            shorten the dedupe window or raise the bound
            """
        )
    }
}
