/// Why a partition's log could not do what was asked.
///
/// Keys, values and headers of records never appear in it.
package struct StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The closed set of causes; the raw value is a bounded name fit for a metric label.
    package enum Code: String, Sendable, CaseIterable {
        /// A setting is out of range.
        case configuration
        /// The disk (or a quota) is full. Nothing of the call was kept; reads go on, and a later append may succeed.
        case diskFull = "disk_full"
        /// The operating system failed to read, write or sync.
        case io
        /// A file or directory is not there.
        case notFound = "not_found"
        /// Bytes on disk are not what was written: the batch named is not served.
        case damaged
        /// The log's files were written by a newer version of this program.
        case newerFormat = "newer_format"
        /// The offset asked for is not in the log.
        case offsetOutOfRange = "offset_out_of_range"
        /// A batch sent is malformed, or its checksum does not match.
        case corruptBatch = "corrupt_batch"
        /// A batch sent is well-formed but not allowed here: control records from a client, compacted topic without key.
        case invalidRecord = "invalid_record"
        /// The batch's timestamp is too far from the clock.
        case invalidTimestamp = "invalid_timestamp"
        /// A batch in a message format before v2 (magic 0 or 1), or unknown.
        case unsupportedFormat = "unsupported_format"
        /// A batch is larger than the topic allows.
        case batchTooLarge = "batch_too_large"
        /// The producer skipped a sequence number.
        case outOfOrderSequence = "out_of_order_sequence"
        /// The sequence number was seen before, but is too old to say with which offset.
        case duplicateSequence = "duplicate_sequence"
        /// A newer incarnation of the producer has written: this one is fenced.
        case invalidProducerEpoch = "invalid_producer_epoch"
        /// A non-transactional write of a producer that has a transaction open.
        case invalidTransactionState = "invalid_transaction_state"
        /// A newer transaction coordinator has written a marker: this one is fenced.
        case coordinatorFenced = "coordinator_fenced"
        /// The log was closed or deleted.
        case closed
        /// A write or sync failed before and could not be undone yet: the log takes no appends until that succeeds.
        case unavailable
    }

    package var code: Code
    /// What happened and what to do about it.
    package var message: String
    /// The file or directory concerned.
    package var path: String?
    /// The operating system's error number, where one caused this.
    package var errorNumber: Int32?

    package init(_ code: Code, _ message: String, path: String? = nil, errorNumber: Int32? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.errorNumber = errorNumber
    }

    package var description: String {
        guard let path else { return "\(message) [\(code.rawValue)]" }
        return "\(path): \(message) [\(code.rawValue)]"
    }
}
