internal import CLibrdkafka
public import Log
public import Logging

/// Creates, changes, describes and deletes what a cluster holds: topics, settings, groups, offsets, records and access
/// rules.
///
/// Names and semantics are those of Apache Kafka's admin client.
///
/// **Items.** One call may name many items. Each has its own result (``AdminResults``); a call throws only when nothing
/// was answered: `unreachable`, `timedOut`, `authentication` (a refused login is named as the cause of silence, for an item
/// too), `closed`, or a ``Log/LogError`` with the name `CANCELLED` when the awaiting
/// task is cancelled. A call that names nothing sends nothing.
///
/// **Concurrency.** Calls may be made from any task, any number at once; their requests are under way together and may be
/// answered in any order. What is to happen after another call is made after that call has returned.
///
/// **Time.** Every call takes at most `within`, its deadline, and throws `timedOut` then. A cancelled call returns at
/// once. Neither says that the request took no effect: the broker may have done it, or may do it still.
///
/// The client is made by ``open(client:logger:)`` and ended by ``close()``.
public final class Admin: Sendable {
    /// How long a call may take unless it says otherwise: 15 s.
    public static let defaultDeadline = Duration.seconds(15)

    let loop: AdminLoop

    private init(_ loop: AdminLoop) {
        self.loop = loop
    }

    deinit {
        loop.abandon()
    }

    /// Opens a client. Nothing is connected before the first call.
    /// - Throws: ``Log/LogError/Code/configuration`` where librdkafka refuses a property.
    public static func open(client: ClientConfiguration, logger: Logger) async throws(LogError) -> Admin {
        // A consumer's metadata requests do not create the topics that they ask about; a producer's do. Without a group
        // it looks for no coordinator.
        let settings = try ClientSettings(
            .consumer,
            client,
            defaults: [:],
            fixed: ["enable.auto.commit": "false", "isolation.level": "read_uncommitted"]
        )
        return Admin(try await AdminLoop.open(settings, logger: logger))
    }

    /// Ends the client. Every call under way throws ``Log/LogError/Code/closed`` at once, as does every later one.
    ///
    /// Returns when the owner thread has ended, which takes milliseconds and waits for no broker. Where librdkafka itself
    /// is blocked in a request (metadata, and with librdkafka before 2.3 offsets), its connections end when that returns, at most
    /// the call's deadline later.
    public func close() async {
        await loop.close()
    }
}
