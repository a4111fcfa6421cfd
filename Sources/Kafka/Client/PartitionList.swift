internal import CLibrdkafka
internal import Glibc
internal import Log

/// An `rd_kafka_topic_partition_list_t` that is destroyed with its last reference. Confined to the thread that
/// made it; its pointer is valid as long as the list is held.
@safe final class PartitionList {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(capacity: Int) {
        unsafe pointer = unsafe rd_kafka_topic_partition_list_new(Int32(clamping: capacity))
    }

    /// Offsets are `RD_KAFKA_OFFSET_INVALID`, which means the committed one, except where `positions` has one.
    convenience init(_ partitions: some Collection<TopicPartition>, at positions: [TopicPartition: Offset] = [:]) {
        self.init(capacity: partitions.count)
        for partition in partitions.sorted() {
            let element = unsafe add(partition)
            if let position = positions[partition] { unsafe element.pointee.offset = position.rawValue }
        }
    }

    convenience init(committing offsets: [TopicPartition: CommittedOffset]) {
        self.init(capacity: offsets.count)
        for (partition, committed) in offsets.sorted(by: { $0.key < $1.key }) {
            let element = unsafe add(partition)
            unsafe element.pointee.offset = committed.offset.rawValue
            guard !committed.metadata.isEmpty else { continue }
            // Freed by rd_kafka_topic_partition_list_destroy with free(3). Copied by its size: it may hold a NUL.
            var metadata = committed.metadata
            metadata.withUTF8 { bytes in
                guard let copy = unsafe malloc(bytes.count), let start = bytes.baseAddress else { return }
                unsafe memcpy(copy, start, bytes.count)
                unsafe element.pointee.metadata = unsafe copy
                unsafe element.pointee.metadata_size = bytes.count
            }
        }
    }

    /// Takes over a list that librdkafka made.
    init(owning pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) {
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe rd_kafka_topic_partition_list_destroy(pointer)
    }

    private func add(_ partition: TopicPartition) -> UnsafeMutablePointer<rd_kafka_topic_partition_t> {
        unsafe rd_kafka_topic_partition_list_add(pointer, partition.topic.rawValue, partition.partition.rawValue)
    }

    /// One element of a list, without its pointers.
    struct Element {
        let partition: TopicPartition
        let offset: Int64
        let metadata: String
        let error: rd_kafka_resp_err_t
    }

    var elements: [Element] { unsafe Self.elements(of: pointer) }

    static func elements(of list: UnsafePointer<rd_kafka_topic_partition_list_t>) -> [Element] {
        unsafe (0..<Int(list.pointee.cnt)).map { unsafe element(of: list.pointee.elems[$0]) }
    }

    /// Copies an element of a list that somebody else owns.
    static func element(of element: rd_kafka_topic_partition_t) -> Element {
        let metadata = unsafe UnsafeRawBufferPointer(start: element.metadata, count: element.metadata_size)
        return unsafe Element(
            partition: TopicPartition(
                TopicName(String(cString: element.topic)),
                PartitionID(rawValue: element.partition)
            ),
            offset: element.offset,
            metadata: String(decoding: metadata, as: UTF8.self),
            error: element.err
        )
    }

    static func partitions(of list: UnsafePointer<rd_kafka_topic_partition_list_t>) -> [TopicPartition] {
        unsafe elements(of: list).map(\.partition)
    }

    /// Throws the first element's error.
    func check(cannot action: String) throws(LogError) {
        for element in elements where element.error != RD_KAFKA_RESP_ERR_NO_ERROR {
            throw LogError(element.error, cannot: "\(action) of \(element.partition)")
        }
    }
}
