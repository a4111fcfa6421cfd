/// Which of `count` partitions of an internal topic a name belongs to, as Kafka computes it:
/// `Utils.abs(name.hashCode()) % count`, where the absolute value of the least number is 0.
func internalPartition(of name: String, count: Int32) -> Int32 {
    var hash: Int32 = 0
    for unit in name.utf16 { hash = hash &* 31 &+ Int32(unit) }
    return (hash == .min ? 0 : abs(hash)) % count
}
