/// Chooses a partition by key as Apache Kafka's Java client does, so that producers of both kinds agree.
///
/// `org.apache.kafka.common.utils.Utils.murmur2` and `toPositive`, used by `BuiltInPartitioner.partitionForKey`.
package enum KeyPartitioner {
    /// The partition of `key` among `count` (> 0) partitions.
    package static func partition(of key: UnsafeRawBufferPointer, among count: Int) -> PartitionID {
        let positive = Int(murmur2(key) & 0x7fff_ffff)
        return PartitionID(rawValue: Int32(positive % count))
    }

    /// 32-bit MurmurHash2 with the Java client's seed.
    package static func murmur2(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let multiplier: UInt32 = 0x5bd1_e995
        var hash = 0x9747_b28c ^ UInt32(truncatingIfNeeded: bytes.count)
        let wholeWords = bytes.count & ~3
        for position in stride(from: 0, to: wholeWords, by: 4) {
            var word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            word &*= multiplier
            word ^= word >> 24
            word &*= multiplier
            hash &*= multiplier
            hash ^= word
        }
        if wholeWords < bytes.count {
            for position in wholeWords..<bytes.count {
                hash ^= UInt32(bytes[position]) << UInt32(8 * (position - wholeWords))
            }
            hash &*= multiplier
        }
        hash ^= hash >> 13
        hash &*= multiplier
        hash ^= hash >> 15
        return hash
    }
}
