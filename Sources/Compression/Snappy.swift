internal import CSnappy
internal import NIOCore

/// snappy-c.h. Java clients cut the bytes into blocks behind a header of 16 bytes (snappy-java's
/// `SnappyOutputStream`): magic, version, compatible version, then length and block, repeated.
enum Snappy {
    private static let magic: [UInt8] = [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00]
    private static let headerBytes = 16

    static func decompress(_ bytes: ByteBuffer, limit: Int) throws(CompressionError) -> ByteBuffer {
        guard bytes.readableBytesView.starts(with: magic) else {
            var output = ByteBuffer()
            try append(bytes, to: &output, limit: limit)
            return output
        }
        var rest = bytes
        guard rest.readSlice(length: headerBytes) != nil else { throw invalid }
        var output = ByteBuffer()
        while rest.readableBytes > 0 {
            guard let length = rest.readInteger(as: Int32.self), length >= 0,
                let block = rest.readSlice(length: Int(length))
            else { throw invalid }
            try append(block, to: &output, limit: limit)
        }
        return output
    }

    private static func append(
        _ block: ByteBuffer,
        to output: inout ByteBuffer,
        limit: Int
    ) throws(CompressionError) {
        var target = output
        try unsafe block.withUnsafeReadableBytes { (input) throws(CompressionError) in
            let source = unsafe input.bindMemory(to: CChar.self)
            var size = 0
            guard unsafe snappy_uncompressed_length(source.baseAddress, source.count, &size) == SNAPPY_OK else {
                throw invalid
            }
            guard size <= limit - target.readableBytes else {
                throw CompressionError(.tooLarge, "the decompressed bytes are more than \(limit)")
            }
            var status = SNAPPY_OK
            unsafe target.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { space in
                let start = unsafe space.bindMemory(to: CChar.self).baseAddress
                var made = space.count
                status = unsafe snappy_uncompress(source.baseAddress, source.count, start, &made)
                return status == SNAPPY_OK ? made : 0
            }
            guard status == SNAPPY_OK else { throw invalid }
        }
        output = target
    }

    private static var invalid: CompressionError { CompressionError(.invalidData, "the bytes are no snappy block") }

    static func compress(_ bytes: ByteBuffer) throws(CompressionError) -> ByteBuffer {
        var output = ByteBuffer()
        var status = SNAPPY_OK
        _ = unsafe bytes.withUnsafeReadableBytes { input in
            let source = unsafe input.bindMemory(to: CChar.self)
            let bound = snappy_max_compressed_length(source.count)
            unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { space in
                var made = space.count
                let start = unsafe space.bindMemory(to: CChar.self).baseAddress
                status = unsafe snappy_compress(source.baseAddress, source.count, start, &made)
                return status == SNAPPY_OK ? made : 0
            }
        }
        guard status == SNAPPY_OK else { throw CompressionError(.failed, "snappy cannot compress") }
        return output
    }
}
