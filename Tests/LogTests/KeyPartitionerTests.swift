import Log
import Testing

@Suite struct KeyPartitionerTests {
    /// The vectors of Apache Kafka's `UtilsTest.testMurmur2`.
    @Test(
        arguments: [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ] as [(String, Int32)]
    )
    func hashesAsTheJavaClient(key: String, expected: Int32) {
        let hash = Array(key.utf8).withUnsafeBytes { KeyPartitioner.murmur2($0) }
        #expect(Int32(bitPattern: hash) == expected)
    }

    @Test func negativeHashesGiveValidPartitions() {
        let partition = Array("foobar".utf8).withUnsafeBytes { KeyPartitioner.partition(of: $0, among: 7) }
        let positive = -790_332_482 & 0x7fff_ffff
        #expect(partition.rawValue == Int32(positive % 7))
    }

    @Test func emptyKeyHasAPartition() {
        let partition = [UInt8]().withUnsafeBytes { KeyPartitioner.partition(of: $0, among: 5) }
        #expect((0..<5).contains(partition.rawValue))
    }
}
