/// Why a token is not believed, or none can be.
package struct TokenError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: String, Sendable, CaseIterable {
        /// The file of keys cannot be read or has a key that cannot be used.
        case keySet = "key_set"
        /// The token speaks for nobody.
        case refused
    }

    package let code: Code
    /// What is wrong, for the log; never a part of the token or of a key.
    package let message: String

    /// The message: the code says nothing to people.
    package var description: String { message }

    static func refused(_ reason: String) -> TokenError { TokenError(code: .refused, message: reason) }
}
