/// Parses documents one after the other into one reused tape: no allocation per document once it has grown.
///
/// Not `Sendable`: one parser per thread or task. A document up to about 1 MiB keeps its memory for the next one;
/// the tape of a larger one (8 bytes per byte of source, touched only as far as it is used) is given back.
@safe
package final class JSONParser {
    /// The bounds of every document.
    package let limits: JSONLimits
    private var words: UnsafeMutablePointer<UInt64>
    private var capacity: Int
    private var isBusy = false

    private static let initialEntries = 1 << 10
    private static let retainedEntries = 1 << 19

    package init(limits: JSONLimits = JSONLimits()) {
        self.limits = limits
        capacity = Self.initialEntries
        unsafe words = .allocate(capacity: capacity * Tape.wordsPerEntry)
    }

    deinit {
        unsafe words.deallocate()
    }

    /// Parses one document and lends its root to `body`.
    ///
    /// `bytes` must stay valid and unchanged, and the value and everything taken from it must not be used, after
    /// `body` returns. A parser must not be used again inside `body`: that traps.
    /// - Throws: `JSONError`, or what `body` throws.
    package func withDocument<R>(_ bytes: UnsafeRawBufferPointer, _ body: (JSONValue) throws -> R) throws -> R {
        precondition(!isBusy, "a JSONParser holds one document at a time")
        isBusy = true
        defer {
            isBusy = false
            shrink()
        }
        return try unsafe body(fill(bytes))
    }

    /// The same over an array.
    package func withDocument<R>(_ bytes: [UInt8], _ body: (JSONValue) throws -> R) throws -> R {
        try unsafe bytes.withUnsafeBytes { try unsafe withDocument($0, body) }
    }

    /// The same over the UTF-8 of a string.
    package func withDocument<R>(_ text: String, _ body: (JSONValue) throws -> R) throws -> R {
        var text = text
        return try text.withUTF8 { try unsafe withDocument(UnsafeRawBufferPointer($0), body) }
    }

    /// Parses one document and returns its root, for loops in which a closure is in the way.
    ///
    /// The value reads `bytes` and this parser's tape: it is valid until the next document of this parser,
    /// and while the parser and `bytes` live.
    @unsafe
    package func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSONValue {
        precondition(!isBusy, "a JSONParser holds one document at a time")
        shrink()
        return try unsafe fill(bytes)
    }

    private func fill(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSONValue {
        let root = try unsafe scan(bytes)
        if limits.rejectsDuplicateKeys { try unsafe root.rejectDuplicateKeys(in: bytes) }
        return root
    }

    private func scan(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSONValue {
        do throws(ScanFailure) {
            guard bytes.count <= limits.maxBytes else {
                throw ScanFailure(.sizeExceeded, at: limits.maxBytes, "the document is larger than the limit")
            }
            guard let base = bytes.baseAddress else {
                throw ScanFailure(.empty, at: 0, "the document is empty")
            }
            reserve(Tape.entries(forBytes: bytes.count, depth: limits.maxDepth))
            let source = unsafe base.assumingMemoryBound(to: UInt8.self)
            let builder = unsafe TapeBuilder(
                source: source,
                count: bytes.count,
                words: words,
                maxDepth: limits.maxDepth
            )
            try builder.build()
            return unsafe JSONValue(entry: words, source: source)
        } catch {
            throw unsafe JSONError(error, in: bytes)
        }
    }

    private func reserve(_ entries: Int) {
        if entries > capacity { replaceTape(max(entries, min(capacity * 2, Self.retainedEntries))) }
    }

    private func shrink() {
        if capacity > Self.retainedEntries { replaceTape(Self.initialEntries) }
    }

    private func replaceTape(_ entries: Int) {
        unsafe words.deallocate()
        unsafe words = .allocate(capacity: entries * Tape.wordsPerEntry)
        capacity = entries
    }
}
