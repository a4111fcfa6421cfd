internal import Log

/// The durable form of dedupe state: an append-only log of batches in SQLite, one row per batch.
///
/// It is a cache of what the topic says. It may lag behind, run ahead, be damaged or be gone; then
/// ``DedupeState/assign(_:committed:)`` asks for the missing part from the topic. What a returned call wrote survives a
/// power failure (write-ahead log, `synchronous=FULL`).
///
/// One process at a time (`locking_mode=EXCLUSIVE`), one thread at a time; calls block on the disk.
final class DedupeJournal {
    /// The rows of a partition that were written up to log time `latest` and have left the window.
    struct Expiry: Sendable {
        let partition: TopicPartition
        let latest: Int64

        init(_ partition: TopicPartition, upTo latest: Int64) {
            self.partition = partition
            self.latest = latest
        }
    }

    let hasher: DedupeHasher
    let connection: SQLiteConnection
    private let deleteFrom: SQLiteStatement
    private let insert: SQLiteStatement
    private let deleteExpired: SQLiteStatement
    private let deleteOutside: SQLiteStatement
    private let selectHeaders: SQLiteStatement
    private let selectEntries: SQLiteStatement

    init(connection: SQLiteConnection, hasher: DedupeHasher) throws(DedupeError) {
        self.connection = connection
        self.hasher = hasher
        let ofPartition = "WHERE topic = ?1 AND partition = ?2"
        deleteFrom = try SQLiteStatement("DELETE FROM batch \(ofPartition) AND first >= ?3", on: connection)
        insert = try SQLiteStatement(
            """
            INSERT INTO batch (topic, partition, first, next, before_ms, latest_ms, checksum, entries)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            on: connection
        )
        deleteExpired = try SQLiteStatement("DELETE FROM batch \(ofPartition) AND latest_ms <= ?3", on: connection)
        deleteOutside = try SQLiteStatement(
            "DELETE FROM batch \(ofPartition) AND (first < ?3 OR first >= ?4)",
            on: connection
        )
        selectHeaders = try SQLiteStatement(
            "SELECT first, next, before_ms, latest_ms FROM batch \(ofPartition) ORDER BY first",
            on: connection
        )
        selectEntries = try SQLiteStatement(
            "SELECT checksum, entries FROM batch \(ofPartition) AND first = ?3",
            on: connection
        )
    }

    /// Writes rows of any number of partitions, and deletes expired ones, in one transaction: all of it or nothing.
    ///
    /// A row replaces the rows of its partition that begin at or after it. Rows of one partition come in offset order.
    /// - Throws: ``DedupeError/Code/diskFull``, `.io`, `.corrupt`.
    func append(_ rows: [BatchRow], expiring expired: [Expiry] = []) throws(DedupeError) {
        guard !(rows.isEmpty && expired.isEmpty) else { return }
        try connection.transaction { () throws(DedupeError) in
            for expiry in expired {
                try run(deleteExpired, of: expiry.partition, expiry.latest)
            }
            for row in rows {
                try run(deleteFrom, of: row.partition, row.first.rawValue)
                try write(row)
            }
        }
    }

    /// Deletes the rows of `partition` that do not begin in `kept`.
    func trim(_ partition: TopicPartition, keeping kept: Range<Offset>) throws(DedupeError) {
        try connection.transaction { () throws(DedupeError) in
            try run(deleteOutside, of: partition, kept.lowerBound.rawValue, kept.upperBound.rawValue)
        }
    }

    /// The rows of `partition` in offset order, as the file has them: not yet verified.
    func headers(of partition: TopicPartition) throws(DedupeError) -> [RowHeader] {
        defer { selectHeaders.reset() }
        try bind(selectHeaders, partition)
        var headers: [RowHeader] = []
        while try selectHeaders.step() {
            headers.append(
                RowHeader(
                    first: Offset(selectHeaders.integer(0)),
                    next: Offset(selectHeaders.integer(1)),
                    before: selectHeaders.integer(2),
                    latest: selectHeaders.integer(3)
                )
            )
        }
        return headers
    }

    /// Gives `body` the entries of a row, if the row is there and its checksum is right.
    ///
    /// - Returns: what `body` returns; `nil` for a damaged row.
    func withEntries<R>(
        of partition: TopicPartition,
        row: RowHeader,
        _ body: (inout EntryReader) throws(DedupeError) -> R
    ) throws(DedupeError) -> R? {
        defer { selectEntries.reset() }
        try bind(selectEntries, partition, row.first.rawValue)
        guard try selectEntries.step() else { return nil }
        let stored = selectEntries.integer(0)
        let outcome: Result<R, DedupeError>? = unsafe selectEntries.withBytes(1) { bytes in
            guard unsafe row.checksum(of: partition, entries: bytes, hasher: hasher) == stored else { return nil }
            var reader = unsafe EntryReader(bytes, first: row.first.rawValue)
            return Result { () throws(DedupeError) in try body(&reader) }
        }
        return try outcome?.get()
    }

    private func write(_ row: BatchRow) throws(DedupeError) {
        let outcome = unsafe row.entries.withUnsafeBytes { bytes in
            Result { () throws(DedupeError) in
                defer { insert.reset() }
                let checksum = unsafe row.header.checksum(of: row.partition, entries: bytes, hasher: hasher)
                try bind(insert, row.partition, row.first.rawValue, row.next.rawValue, row.before, row.latest, checksum)
                try unsafe insert.bind(borrowed: bytes, at: 8)
                _ = try insert.step()
            }
        }
        try outcome.get()
    }

    private func run(_ statement: SQLiteStatement, of partition: TopicPartition, _ values: Int64...) throws(DedupeError)
    {
        defer { statement.reset() }
        try bind(statement, partition, values)
        _ = try statement.step()
    }

    private func bind(_ statement: SQLiteStatement, _ partition: TopicPartition, _ values: Int64...) throws(DedupeError)
    {
        try bind(statement, partition, values)
    }

    private func bind(_ statement: SQLiteStatement, _ partition: TopicPartition, _ values: [Int64]) throws(DedupeError)
    {
        try statement.bind(partition.topic.rawValue, at: 1)
        try statement.bind(Int64(partition.partition.rawValue), at: 2)
        for (index, value) in values.enumerated() {
            try statement.bind(value, at: Int32(index) + 3)
        }
    }
}
