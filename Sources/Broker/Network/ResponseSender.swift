internal import Glibc
internal import NIOCore

/// Takes one answer apart, piece by piece, as the channel takes more. On the connection's event loop.
struct ResponseSender {
    /// A piece that can be written at once.
    enum Piece {
        case bytes(ByteBuffer)
        case file(FileSlice)
    }

    /// What is read at a time of a file that must be encrypted.
    private static let chunk = 256 << 10

    private let isEncrypted: Bool
    private var parts = CircularBuffer<Response.Part>()
    /// Whether the answer that was loaded last ends the connection.
    private(set) var closesConnection = false

    init(isEncrypted: Bool = false) {
        self.isEncrypted = isEncrypted
    }

    /// Whether all of the answer was taken.
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

    /// The next piece; `nil` when the answer is sent.
    /// - Throws: when a file cannot be read.
    mutating func next(_ allocator: ByteBufferAllocator) throws -> Piece? {
        switch parts.popFirst() {
        case nil: return nil
        case .bytes(let buffer): return .bytes(buffer)
        case .file(let slice) where isEncrypted: return .bytes(try chunk(of: slice, allocator))
        case .file(let slice): return .file(slice)
        }
    }

    private mutating func chunk(of slice: FileSlice, _ allocator: ByteBufferAllocator) throws -> ByteBuffer {
        let count = min(slice.length, Self.chunk)
        var buffer = allocator.buffer(capacity: count)
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
        return buffer
    }
}
