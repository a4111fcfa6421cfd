package import NIOCore

/// The codecs of Kafka's record batches, each in the framing that its clients use.
package enum Codec: String, Sendable, CaseIterable {
    /// RFC 1952; the default level.
    case gzip
    /// Read in xerial's framing, as Java clients write it, or bare, as librdkafka does; written bare.
    case snappy
    /// The LZ4 frame format.
    case lz4
    /// RFC 8878; level 3.
    case zstd

    /// What a result may have at most, unless told otherwise: 256 MiB.
    package static let standardLimit = 256 << 20

    /// The bytes as they were; more than `limit` are refused before memory is taken for them.
    /// - Throws: `.invalidData`, `.tooLarge`, `.failed`.
    package func decompress(
        _ bytes: ByteBuffer,
        limit: Int = standardLimit
    ) throws(CompressionError) -> ByteBuffer {
        switch self {
        case .gzip: try Gzip.decompress(bytes, limit: limit)
        case .snappy: try Snappy.decompress(bytes, limit: limit)
        case .lz4: try LZ4.decompress(bytes, limit: limit)
        case .zstd: try Zstd.decompress(bytes, limit: limit)
        }
    }

    /// - Throws: `.failed`.
    package func compress(_ bytes: ByteBuffer) throws(CompressionError) -> ByteBuffer {
        switch self {
        case .gzip: try Gzip.compress(bytes)
        case .snappy: try Snappy.compress(bytes)
        case .lz4: try LZ4.compress(bytes)
        case .zstd: try Zstd.compress(bytes)
        }
    }
}

/// A result of unknown size, made block by block.
struct GrowingBuffer {
    static let block = 64 << 10

    private(set) var buffer = ByteBuffer()
    let limit: Int

    /// Lends a block to write into; `body` returns how many bytes it wrote.
    mutating func fill(
        _ body: (UnsafeMutableRawBufferPointer) throws(CompressionError) -> Int
    ) throws(CompressionError) {
        guard buffer.readableBytes < limit else {
            throw CompressionError(.tooLarge, "the decompressed bytes are more than \(limit)")
        }
        var failure: CompressionError?
        unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.block) { space in
            do throws(CompressionError) {
                return try unsafe body(UnsafeMutableRawBufferPointer(rebasing: space.prefix(Self.block)))
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
    }
}
