import Log
import Synchronization

/// A message in memory of its own, which counts how often its headers are read.
///
/// `@unchecked Sendable`: the memory is written before anybody else sees it, and never again.
final class LentMessage: MessageStorage, @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer
    private let headers: [Header]
    private let reads = Mutex(0)

    private init(_ bytes: [UInt8], _ headers: [Header]) {
        memory = .allocate(byteCount: max(1, bytes.count), alignment: 1)
        memory.copyBytes(from: bytes)
        self.headers = headers
    }

    deinit {
        memory.deallocate()
    }

    var headerReads: Int { reads.withLock { $0 } }

    func forEachHeader(of index: Int, _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer?) -> Void) {
        reads.withLock { $0 += 1 }
        for header in headers {
            Array(header.name.utf8).withUnsafeBytes { name in
                guard let value = header.value else { return body(name, nil) }
                value.withUnsafeBytes { body(name, $0) }
            }
        }
    }

    /// Offset 7 of `in/3`; its storage, and a view of it.
    static func make(
        key: [UInt8]? = nil,
        value: [UInt8]? = nil,
        headers: [Header] = []
    ) -> (storage: LentMessage, view: MessageView) {
        let storage = LentMessage((key ?? []) + (value ?? []), headers)
        let split = key?.count ?? 0
        let slot = MessageBatch.Slot(
            partition: 0,
            offset: 7,
            timestamp: 1_767_225_600_000,
            key: key.map { _ in UnsafeRawBufferPointer(rebasing: storage.memory[..<split]) },
            value: value.map { UnsafeRawBufferPointer(rebasing: storage.memory[split..<(split + $0.count)]) }
        )
        let batch = MessageBatch(partitions: [TopicPartition("in", 3)], slots: [slot], storage: storage)
        return (storage, batch[0])
    }
}
