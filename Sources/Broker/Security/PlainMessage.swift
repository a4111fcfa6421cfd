/// The one message of SASL PLAIN (RFC 4616): `[authzid] NUL authcid NUL passwd`.
struct PlainMessage: Sendable {
    let user: String
    let password: String

    /// `nil` when the message is not of that shape, or asks to act for another user.
    init?(_ message: [UInt8]) {
        let parts = message.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == 3, let identity = String(validating: parts[0], as: UTF8.self),
            let user = String(validating: parts[1], as: UTF8.self),
            let password = String(validating: parts[2], as: UTF8.self),
            !user.isEmpty, !password.isEmpty, identity.isEmpty || identity == user
        else { return nil }
        self.user = user
        self.password = password
    }
}
