internal import CCRC32C
package import NIOCore

/// The checksum of record batches: CRC-32C as in RFC 3720 B.4, by the processor's instruction where there is one.
package enum CRC32C {
    package static func checksum(_ bytes: ByteBuffer) -> UInt32 {
        unsafe bytes.withUnsafeReadableBytes { bytes in unsafe checksum(bytes) }
    }

    /// The checksum of bytes that follow others, whose checksum is given: 0 to start.
    package static func checksum(_ bytes: UnsafeRawBufferPointer, extending crc: UInt32 = 0) -> UInt32 {
        unsafe busbar_crc32c_extend(crc, bytes.baseAddress, bytes.count)
    }
}
