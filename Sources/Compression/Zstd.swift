internal import CZstd
internal import NIOCore

/// zstd.h, streaming for what comes in (its size need not be told) and in one call for what goes out.
enum Zstd {
    private static let level: Int32 = 3

    static func decompress(_ bytes: ByteBuffer, limit: Int) throws(CompressionError) -> ByteBuffer {
        guard let stream = unsafe ZSTD_createDStream() else {
            throw CompressionError(.failed, "zstd cannot start: no memory")
        }
        defer { unsafe ZSTD_freeDStream(stream) }
        return try unsafe bytes.withUnsafeReadableBytes { (input) throws(CompressionError) -> ByteBuffer in
            var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
            var output = GrowingBuffer(limit: limit)
            var rest = 1
            while unsafe rest != 0 || source.pos < source.size {
                try unsafe output.fill { (space) throws(CompressionError) -> Int in
                    var target = unsafe ZSTD_outBuffer(dst: space.baseAddress, size: space.count, pos: 0)
                    let before = unsafe source.pos
                    rest = unsafe ZSTD_decompressStream(stream, &target, &source)
                    let isStuck = unsafe rest != 0 && target.pos == 0 && source.pos == before
                    guard ZSTD_isError(rest) == 0, !isStuck else {
                        throw CompressionError(.invalidData, "the bytes are no whole zstd frame")
                    }
                    return unsafe target.pos
                }
            }
            return output.buffer
        }
    }

    static func compress(_ bytes: ByteBuffer) throws(CompressionError) -> ByteBuffer {
        var output = ByteBuffer()
        let bound = ZSTD_compressBound(bytes.readableBytes)
        var failed = false
        _ = unsafe bytes.withUnsafeReadableBytes { input in
            unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { space in
                let count = unsafe ZSTD_compress(space.baseAddress, space.count, input.baseAddress, input.count, level)
                failed = ZSTD_isError(count) != 0
                return failed ? 0 : count
            }
        }
        if failed { throw CompressionError(.failed, "zstd cannot compress: no memory") }
        return output
    }
}
