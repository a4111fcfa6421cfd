/// A parsed document that owns its bytes and its tape: constants of a contract, test data, small files.
///
/// `@unchecked Sendable`: both buffers are written in `init` only and freed in `deinit` only.
/// A `JSONValue` taken from it must not be used after the document is released.
@safe
package final class JSONDocument: @unchecked Sendable {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let words: UnsafeMutablePointer<UInt64>

    /// - Throws: why `text` is no JSON document.
    package init(_ text: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        unsafe bytes = .allocate(capacity: max(text.count, 1))
        unsafe bytes.initialize(repeating: 0)
        for (index, byte) in text.enumerated() { unsafe bytes[index] = byte }
        let parser = JSONParser(limits: limits)
        let raw = unsafe UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes.prefix(text.count)))
        do {
            let root = try unsafe parser.parse(raw)
            let count = root.entryDistance * Tape.wordsPerEntry
            unsafe words = .allocate(capacity: count)
            unsafe words.initialize(from: root.entry, count: count)
        } catch {
            // A failed class initializer runs no deinit before all properties are set.
            unsafe bytes.deallocate()
            throw error
        }
    }

    deinit {
        unsafe words.deallocate()
        unsafe bytes.deallocate()
    }

    /// The value of the whole document.
    package var root: JSONValue {
        unsafe JSONValue(entry: words, source: UnsafePointer(bytes.baseAddress.unsafelyUnwrapped))
    }

    /// Lends the root and keeps the document alive for that long.
    package func withRoot<R, E: Error>(_ body: (JSONValue) throws(E) -> R) throws(E) -> R {
        defer { extendLifetime(self) }
        return try body(root)
    }
}
