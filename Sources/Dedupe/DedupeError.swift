/// Why dedupe state could not do what was asked.
///
/// Keys, payloads and SQL arguments never appear in it.
package struct DedupeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The closed set of causes; the raw value is a bounded name fit for a metric label.
    package enum Code: String, Sendable, CaseIterable {
        /// A setting is out of range.
        case configuration
        /// The memory bound is reached. The record was not taken: pause, commit, and raise the bound if that frees nothing.
        case memoryFull = "memory_full"
        /// The disk, or the bound on the journal's size, is full. Nothing of the call was written.
        case diskFull = "disk_full"
        /// Another process holds the journal.
        case locked
        /// The journal's content is not what SQLite or we wrote.
        case corrupt
        /// The journal cannot be opened or moved: missing directory, permissions, a read-only file system.
        case cannotOpen = "cannot_open"
        /// The operating system failed to read or write.
        case io
        /// Any other SQLite error.
        case sqlite
        /// The partition is not assigned, or its rebuild has not been finished.
        case notReady = "not_ready"
        /// The offset lies before the committed one (or before the rebuild's start): assign the partition anew.
        case behindCommitted = "behind_committed"
    }

    package var code: Code
    /// What happened and what to do about it.
    package var message: String
    /// The journal's path, where one is concerned.
    package var path: String?

    package init(_ code: Code, _ message: String, path: String? = nil) {
        self.code = code
        self.message = message
        self.path = path
    }

    package var description: String {
        guard let path else { return "\(message) [\(code.rawValue)]" }
        return "\(path): \(message) [\(code.rawValue)]"
    }
}
