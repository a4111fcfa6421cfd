internal import NIOCore

/// The bytes of one answer, its length prefix included, in the order they are sent.
struct Response: Sendable {
    /// A piece of an answer.
    enum Part: Sendable {
        case bytes(ByteBuffer)
        /// Bytes that are still in a file: sent by the kernel, or read piece by piece where the connection encrypts.
        case file(FileSlice)
    }

    var parts: [Part]
    /// Closes the connection once the answer is sent.
    var closesConnection = false

    /// No answer: what Produce with acks=0 gets.
    static let none = Response(parts: [])

    /// An answer of one buffer.
    init(_ buffer: ByteBuffer) {
        parts = [.bytes(buffer)]
    }

    init(parts: [Part]) {
        self.parts = parts
    }
}

/// A range of an open file. `owner` keeps the file open for as long as the slice is there.
struct FileSlice: Sendable {
    let owner: any AnyObject & Sendable
    let descriptor: CInt
    /// Of the first byte.
    var position: Int64
    /// In bytes.
    var length: Int
}
