/// The hash of a SCRAM credential (KIP-554).
package enum SCRAMMechanism: Int8, Sendable, CaseIterable {
    case unknown = 0
    case sha256 = 1
    case sha512 = 2
}
