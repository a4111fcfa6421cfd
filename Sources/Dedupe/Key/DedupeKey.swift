/// The 128-bit keyed hash that stands for an event's identity.
///
/// Two different identities share a key with probability 2⁻¹²⁸ per pair: among 100 million live keys a record is taken
/// for a duplicate by accident with probability below 10⁻³⁰.
package struct DedupeKey: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    /// The all-zero pattern marks a free slot in memory, so it becomes 1.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = high | low == 0 ? 1 : low
    }

    /// What a slot in memory holds: a key or ``none``.
    init(verbatim high: UInt64, _ low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The pattern no key has.
    static var none: DedupeKey { DedupeKey(verbatim: 0, 0) }

    var isNone: Bool { high | low == 0 }
}
