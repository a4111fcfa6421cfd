internal import NIOCore

/// The last offset of each key in a part of the log: exact keys, so that no collision can drop a record.
struct KeyOffsets {
    private var offsets: [[UInt8]: Int64] = [:]
    private var bytes = 0
    private let keyLimit: Int
    private let byteLimit: Int

    init(keyLimit: Int, byteLimit: Int) {
        self.keyLimit = keyLimit
        self.byteLimit = byteLimit
    }

    /// No key is added any more; those known still move on.
    var isFull: Bool { offsets.count >= keyLimit || bytes >= byteLimit }

    mutating func note(_ key: ByteBuffer, at offset: Int64) {
        let key = [UInt8](key.readableBytesView)
        if offsets.updateValue(offset, forKey: key) == nil { bytes += key.count }
    }

    func lastOffset(of key: ByteBuffer) -> Int64? {
        offsets.isEmpty ? nil : offsets[[UInt8](key.readableBytesView)]
    }
}
