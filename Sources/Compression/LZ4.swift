internal import CLZ4
internal import NIOCore

/// lz4frame.h.
enum LZ4 {
    static func decompress(_ bytes: ByteBuffer, limit: Int) throws(CompressionError) -> ByteBuffer {
        var context: OpaquePointer?
        guard unsafe LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0 else {
            throw CompressionError(.failed, "lz4 cannot start: no memory")
        }
        defer { unsafe LZ4F_freeDecompressionContext(context) }
        return try unsafe bytes.withUnsafeReadableBytes { (input) throws(CompressionError) -> ByteBuffer in
            var read = 0
            var output = GrowingBuffer(limit: limit)
            var rest = 1
            while rest != 0 || read < input.count {
                try unsafe output.fill { (space) throws(CompressionError) -> Int in
                    var made = space.count
                    var taken = input.count - read
                    rest = unsafe LZ4F_decompress(
                        context,
                        space.baseAddress,
                        &made,
                        input.baseAddress.map { unsafe $0 + read },
                        &taken,
                        nil
                    )
                    read += taken
                    guard LZ4F_isError(rest) == 0, rest == 0 || made > 0 || taken > 0 else {
                        throw CompressionError(.invalidData, "the bytes are no whole lz4 frame")
                    }
                    return made
                }
            }
            return output.buffer
        }
    }

    static func compress(_ bytes: ByteBuffer) throws(CompressionError) -> ByteBuffer {
        var output = ByteBuffer()
        let bound = LZ4F_compressFrameBound(bytes.readableBytes, nil)
        var failed = false
        _ = unsafe bytes.withUnsafeReadableBytes { input in
            unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { space in
                let count = unsafe LZ4F_compressFrame(
                    space.baseAddress,
                    space.count,
                    input.baseAddress,
                    input.count,
                    nil
                )
                failed = LZ4F_isError(count) != 0
                return failed ? 0 : count
            }
        }
        if failed { throw CompressionError(.failed, "lz4 cannot compress: no memory") }
        return output
    }
}
