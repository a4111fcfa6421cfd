package import NIOCore

/// The fields that the broker writes into a producer's batch.
extension RecordBatchHeader {
    /// The first byte that the checksum covers.
    static let crcStart = 21

    private static let leaderEpochOffset = 12
    static let crcOffset = 17
    private static let maxTimestampOffset = 35

    /// Gives the batch whose first byte is at an index its place in the log. The checksum covers neither field.
    package static func patch(_ buffer: inout ByteBuffer, at index: Int, baseOffset: Int64, leaderEpoch: Int32) {
        buffer.setInteger(baseOffset, at: index)
        buffer.setInteger(leaderEpoch, at: index + leaderEpochOffset)
    }

    /// Gives every record of the batch the broker's time, in milliseconds since 1970, and computes the checksum anew.
    ///
    /// The batch's first byte is at the index, and the buffer holds all of it.
    package func patchLogAppendTime(_ buffer: inout ByteBuffer, at index: Int, time: Int64) {
        var attributes = attributes
        attributes.isLogAppendTime = true
        buffer.setInteger(attributes.rawValue, at: index + Self.crcStart)
        buffer.setInteger(time, at: index + Self.maxTimestampOffset)
        guard let batch = buffer.getSlice(at: index, length: totalLength) else { return }
        buffer.setInteger(RecordBatch.crc(of: batch), at: index + Self.crcOffset)
    }
}
