package import NIOCore

/// One record of a batch.
package struct Record: Equatable, Sendable {
    package struct Header: Equatable, Sendable {
        package var key: ByteBuffer
        package var value: ByteBuffer?

        package init(key: ByteBuffer, value: ByteBuffer?) {
            self.key = key
            self.value = value
        }
    }

    package var offset: Int64
    /// Milliseconds since 1970.
    package var timestamp: Int64
    package var key: ByteBuffer?
    /// Nil is a tombstone in a compacted topic.
    package var value: ByteBuffer?
    package var headers: [Header]

    package init(
        offset: Int64,
        timestamp: Int64,
        key: ByteBuffer?,
        value: ByteBuffer?,
        headers: [Header] = []
    ) {
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}
