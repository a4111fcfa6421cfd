internal import CZlib
internal import NIOCore

/// zlib.h, with 16 added to the window bits for gzip's header and trailer.
enum Gzip {
    private static let windowBits: Int32 = 15 + 16

    static func decompress(_ bytes: ByteBuffer, limit: Int) throws(CompressionError) -> ByteBuffer {
        var stream = unsafe z_stream()
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard unsafe inflateInit2_(&stream, windowBits, ZLIB_VERSION, size) == Z_OK else {
            throw CompressionError(.failed, "zlib cannot start: no memory")
        }
        defer { unsafe inflateEnd(&stream) }
        return try unsafe bytes.withUnsafeReadableBytes { (input) throws(CompressionError) -> ByteBuffer in
            unsafe stream.next_in = UnsafeMutablePointer(
                mutating: input.bindMemory(to: Bytef.self).baseAddress
            )
            unsafe stream.avail_in = UInt32(clamping: input.count)
            var output = GrowingBuffer(limit: limit)
            var code = Z_OK
            while code != Z_STREAM_END {
                try unsafe output.fill { (space) throws(CompressionError) -> Int in
                    unsafe stream.next_out = space.bindMemory(to: Bytef.self).baseAddress
                    unsafe stream.avail_out = UInt32(space.count)
                    code = unsafe inflate(&stream, Z_NO_FLUSH)
                    let made = unsafe space.count - Int(stream.avail_out)
                    guard code == Z_OK && made > 0 || code == Z_STREAM_END else {
                        throw CompressionError(.invalidData, "the bytes are no whole gzip stream (zlib \(code))")
                    }
                    return made
                }
            }
            return output.buffer
        }
    }

    static func compress(_ bytes: ByteBuffer) throws(CompressionError) -> ByteBuffer {
        var stream = unsafe z_stream()
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard
            unsafe deflateInit2_(
                &stream,
                Z_DEFAULT_COMPRESSION,
                Z_DEFLATED,
                windowBits,
                8,
                Z_DEFAULT_STRATEGY,
                ZLIB_VERSION,
                size
            ) == Z_OK
        else { throw CompressionError(.failed, "zlib cannot start: no memory") }
        defer { unsafe deflateEnd(&stream) }
        let bound = unsafe Int(deflateBound(&stream, UInt(bytes.readableBytes)))
        var output = ByteBuffer()
        let code = unsafe bytes.withUnsafeReadableBytes { input in
            unsafe stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: Bytef.self).baseAddress)
            unsafe stream.avail_in = UInt32(clamping: input.count)
            var code = Z_OK
            unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { space in
                unsafe stream.next_out = space.bindMemory(to: Bytef.self).baseAddress
                unsafe stream.avail_out = UInt32(clamping: space.count)
                code = unsafe deflate(&stream, Z_FINISH)
                return unsafe Int(clamping: stream.total_out)
            }
            return code
        }
        guard code == Z_STREAM_END else { throw CompressionError(.failed, "zlib cannot compress (\(code))") }
        return output
    }
}
