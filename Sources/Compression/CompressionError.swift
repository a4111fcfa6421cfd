/// Why bytes could not be compressed or decompressed. Contents never appear in it.
package struct CompressionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The closed set of causes; the raw value is a bounded name fit for a metric label.
    package enum Code: String, Sendable, CaseIterable {
        /// The bytes are not what the codec makes.
        case invalidData = "invalid_data"
        /// The result would be larger than allowed.
        case tooLarge = "too_large"
        /// The library failed: no memory.
        case failed
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(message) [\(code.rawValue)]" }
}
