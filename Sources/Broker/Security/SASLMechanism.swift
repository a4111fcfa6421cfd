/// How a client proves who it is (the names of IANA's SASL registry).
package enum SASLMechanism: String, CaseIterable, Sendable, Codable {
    /// RFC 4616: the password itself; only over TLS or loopback.
    case plain = "PLAIN"
    /// RFC 7677.
    case scramSHA256 = "SCRAM-SHA-256"
    /// RFC 5802 with SHA-512.
    case scramSHA512 = "SCRAM-SHA-512"
    /// RFC 7628 with tokens of an authority that is trusted (KIP-255).
    case oauthBearer = "OAUTHBEARER"

    /// The hash of a SCRAM mechanism; `nil` for the others.
    var scramHash: ScramHash? {
        switch self {
        case .plain, .oauthBearer: nil
        case .scramSHA256: .sha256
        case .scramSHA512: .sha512
        }
    }
}
