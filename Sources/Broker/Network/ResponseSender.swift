internal import Glibc
internal import NIOCore

/// Sends one answer piece by piece, for as long as the channel takes more. On the connection's event loop.
struct ResponseSender {
    /// What is read at a time of a file that must be encrypted.
    private static let chunk = 256 << 10

    private let isEncrypted: Bool
    private var parts = CircularBuffer<Response.Part>()
    /// Whether the answer that was loaded last ends the connection.
    private(set) var closesConnection = false

    init(isEncrypted: Bool = false) {
        self.isEncrypted = isEncrypted
    }

    /// Whether the answer is sent.
    var isEmpty: Bool { parts.isEmpty }

    /// Begins an answer.
    mutating func load(_ response: Response) {
        parts = CircularBuffer(response.parts)
        closesConnection = response.closesConnection
    }

    /// Forgets what was not sent.
    mutating func drop() {
        parts.removeAll()
    }

    /// Writes the next piece without flushing.
    /// - Throws: when a file cannot be read.
    mutating func sendPart(_ context: ChannelHandlerContext) throws {
        switch parts.removeFirst() {
        case .bytes(let buffer): context.write(NIOAny(IOData.byteBuffer(buffer)), promise: nil)
        case .file(let slice) where isEncrypted: try sendChunk(of: slice, context)
        case .file(let slice): send(slice, context)
        }
    }

    private func send(_ slice: FileSlice, _ context: ChannelHandlerContext) {
        // The descriptor stays its owner's: the handle is only lent to NIO, and taken back before it could close it.
        let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: slice.descriptor)
        let region = FileRegion(
            fileHandle: handle,
            readerIndex: Int(slice.position),
            endIndex: Int(slice.position) + slice.length
        )
        context.write(NIOAny(IOData.fileRegion(region))).whenComplete { _ in
            withExtendedLifetime(slice.owner) { _ = try? handle.takeDescriptorOwnership() }
        }
    }

    private mutating func sendChunk(of slice: FileSlice, _ context: ChannelHandlerContext) throws {
        let count = min(slice.length, Self.chunk)
        var buffer = context.channel.allocator.buffer(capacity: count)
        let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
            max(pread(slice.descriptor, bytes.baseAddress, count, off_t(slice.position)), 0)
        }
        guard read > 0 else { throw IOError(errnoCode: errno, reason: "pread") }
        if read < slice.length {
            var rest = slice
            rest.position += Int64(read)
            rest.length -= read
            parts.prepend(.file(rest))
        }
        context.write(NIOAny(IOData.byteBuffer(buffer)), promise: nil)
    }
}
