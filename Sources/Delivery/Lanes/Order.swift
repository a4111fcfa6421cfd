import Log

/// Which records must be handled one after another (`delivery.order` of a connector).
package enum Order: String, CaseIterable, Sendable {
    /// All records of a partition, strictly.
    case partition
    /// Records of one partition with the same key; records without a key are free. The default.
    case key
    /// No order.
    case none
}

/// Names a record that ``KeyLanes`` has admitted; valid until it is finished or dropped.
package struct LaneTicket: Hashable, Sendable {
    /// Where the record is stored.
    let slot: Int
    /// Distinguishes the successive records of a slot, so that a stale ticket is recognised.
    let sequence: UInt64
}

/// Identifies the records that wait for each other.
///
/// Keys appear as 64-bit hashes. Two keys with one hash wait for each other needlessly and harmlessly.
struct LaneKey: Hashable {
    var partition: TopicPartition
    var keyHash: UInt64?
}
