internal import CLibrdkafka
internal import Glibc
internal import Log
internal import Synchronization

/// The messages of one batch, still in librdkafka's memory.
///
/// The messages are immutable but for their headers, which librdkafka parses on first use: `parsing` guards that, hence
/// `@unchecked Sendable`. The last reference destroys the messages, on whatever thread it dies; that frees memory and
/// never blocks.
@safe final class BorrowedMessages: MessageStorage, @unchecked Sendable {
    private let messages: [UnsafeMutablePointer<rd_kafka_message_t>]
    private let handle: ClientHandle
    private let parsing = Mutex(())

    init(_ messages: [UnsafeMutablePointer<rd_kafka_message_t>], of handle: ClientHandle) {
        unsafe self.messages = unsafe messages
        self.handle = handle
        handle.lend()
    }

    deinit {
        unsafe handle.giveBack(ReturnedMessages(messages))
    }

    func leaderEpoch(of index: Int) -> Int32? {
        guard let epoch = unsafe Self.messageLeaderEpoch else { return nil }
        let value = unsafe epoch(messages[index])
        return value < 0 ? nil : value
    }

    private typealias LeaderEpochFunction = @convention(c) (UnsafePointer<rd_kafka_message_t>?) -> Int32

    /// `rd_kafka_message_leader_epoch` is there from librdkafka 2.1.0 on; looked up once, because linking to it would keep
    /// the program from starting with an older library. -1 means that the broker did not say.
    private static let messageLeaderEpoch: LeaderEpochFunction? =
        unsafe dlsym(nil, "rd_kafka_message_leader_epoch").map {
            unsafe unsafeBitCast($0, to: LeaderEpochFunction.self)
        }

    func forEachHeader(
        of index: Int,
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void
    ) {
        var headers: OpaquePointer?
        let code = parsing.withLock { _ in unsafe rd_kafka_message_headers(messages[index], &headers) }
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let headers = unsafe headers else { return }
        for position in unsafe 0..<rd_kafka_header_cnt(headers) {
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var size = 0
            guard unsafe rd_kafka_header_get_all(headers, position, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR,
                let name = unsafe name
            else { return }
            unsafe body(
                UnsafeRawBufferPointer(start: name, count: strlen(name)),
                value.map { unsafe UnsafeRawBufferPointer(start: $0, count: size) }
            )
        }
    }
}
