internal import NIOCore

/// Cuts a connection's bytes into requests: a 4-byte big-endian length, then that many bytes.
///
/// A length is judged before anything is kept for it. Requests that arrive whole are slices of what was read; only one
/// that arrives in pieces is copied together.
struct FrameAssembler {
    /// Why a connection cannot go on.
    struct Refusal: Error, Equatable {
        let reason: String
    }

    /// What came of the bytes so far.
    enum Step: Equatable {
        /// A request, without its length.
        case frame(ByteBuffer)
        /// `wanted` bytes must be held for a request whose first bytes are here.
        case needsMemory(wanted: Int)
        /// More must arrive.
        case incomplete
    }

    /// Requests up to this are given their memory when they begin, so that what has begun can always be finished; a
    /// larger one must have sent half of what it is given, so that announcing a length costs nobody anything.
    static let smallFrame = 1 << 20

    /// Largest request in bytes; may change between requests (a client that has authenticated may send more).
    var limit: Int
    /// Bytes granted for the request under way.
    private(set) var granted = 0
    private var unread = ByteBuffer()
    /// Of the request under way; `nil` between requests.
    private var length: Int?
    /// What of it was copied together so far.
    private var collected = ByteBuffer()

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether a request has begun and is not complete.
    var isMidFrame: Bool { length != nil || unread.readableBytes > 0 }

    /// Adds bytes from the socket.
    mutating func append(_ bytes: ByteBuffer) {
        if unread.readableBytes == 0 {
            unread = bytes
        } else {
            var bytes = bytes
            unread.writeBuffer(&bytes)
        }
    }

    /// Says that memory was found: the next call of ``next()`` goes on.
    mutating func grant(_ bytes: Int) {
        granted += bytes
    }

    /// The next step; call until it is `incomplete`.
    /// - Throws: ``Refusal`` when the connection must be closed.
    mutating func next() throws(Refusal) -> Step {
        if length == nil { length = try nextLength() }
        guard let length else { return .incomplete }
        let arrived = min(length, collected.readableBytes + unread.readableBytes)
        let isSmall = length <= Self.smallFrame
        guard granted >= (isSmall ? length : arrived) else {
            let target = isSmall ? length : min(length, max(Self.smallFrame, 2 * arrived))
            return .needsMemory(wanted: target - granted)
        }
        return collect(length)
    }

    private mutating func collect(_ length: Int) -> Step {
        if collected.readableBytes == 0, let whole = unread.readSlice(length: length) { return finish(whole) }
        collected.reserveCapacity(min(granted, length))
        let missing = min(length - collected.readableBytes, unread.readableBytes)
        if var piece = unread.readSlice(length: missing) { collected.writeBuffer(&piece) }
        if unread.readableBytes == 0 { unread = ByteBuffer() }
        return collected.readableBytes == length ? finish(collected) : .incomplete
    }

    private mutating func finish(_ frame: ByteBuffer) -> Step {
        length = nil
        granted = 0
        collected = ByteBuffer()
        if unread.readableBytes == 0 { unread = ByteBuffer() }
        return .frame(frame)
    }

    private mutating func nextLength() throws(Refusal) -> Int? {
        guard let length = unread.readInteger(as: Int32.self) else { return nil }
        guard length >= Self.smallestRequest, Int(length) <= limit else { throw Refusal(reason: reason(of: length)) }
        return Int(length)
    }

    /// A header of version 0: key, version and correlation id.
    private static let smallestRequest: Int32 = 8

    private func reason(of length: Int32) -> String {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: UInt32(bitPattern: length) >> (24 - 8 * $0)) }
        if [Array("GET ".utf8), Array("POST".utf8), Array("HEAD".utf8), Array("PUT ".utf8)].contains(bytes) {
            return "the client speaks HTTP"
        }
        if bytes[0] == 0x16, bytes[1] == 0x03 { return "the client speaks TLS, and this port does not" }
        return "a request of \(length) bytes, outside of \(Self.smallestRequest) to \(limit)"
    }
}
