internal import ConnectorKit
internal import Delivery
package import Log
internal import Synchronization

/// The positions of a connector's source, kept in the compacted topic `busbar.offsets`.
///
/// ```
/// key      PositionKey
/// value    the source's own bytes
/// header   busbar-accounting: the connector's counts at that position
/// ```
package final class PositionStore: Sendable {
    /// The topic of all connectors' positions.
    package static let topic = PositionKey.topic

    private struct State {
        var positions: [String: [UInt8]] = [:]
        var ledger = Tally()
    }

    private static let accountingHeader = "busbar-accounting"

    private let connector: String
    private let state = Mutex(State())

    private init(connector: String) {
        self.connector = connector
    }

    /// Reads what is stored. Open the connector's transactional producer first: that ends the transaction of an earlier
    /// incarnation, whose position would otherwise be missed.
    package static func load(connector: String, from log: any Log) async throws -> PositionStore {
        let store = PositionStore(connector: connector)
        let reader = try await log.reader()
        do {
            for partition in try await log.partitions(of: topic) {
                let source = TopicPartition(topic, partition)
                try await reader.read(source, in: try await reader.bounds(of: source)) { store.take($0) }
            }
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
        return store
    }

    /// The counts at the stored positions.
    var ledger: Tally { state.withLock { $0.ledger } }

    func position(of partition: String) -> [UInt8]? {
        state.withLock { $0.positions[partition] }
    }

    /// The records that store `positions`, with the counts that are right when `tally` is settled.
    func records(of positions: [SourcePosition], settling tally: Tally) -> ProduceBatch {
        let metadata = Accounting(committed: state.withLock { $0.ledger } + tally).metadata
        var batch = ProduceBatch()
        for position in positions {
            batch.append(
                topic: Self.topic,
                key: PositionKey(connector: connector, partition: position.partition).bytes,
                value: position.value,
                headers: [Header(Self.accountingHeader, metadata)]
            )
        }
        return batch
    }

    /// Notes that the records of `positions` are committed.
    func store(_ positions: [SourcePosition], settling tally: Tally) {
        state.withLock { state in
            for position in positions { state.positions[position.partition] = position.value }
            state.ledger += tally
        }
    }

    /// Takes a stored record; those of other connectors are not ours to read.
    private func take(_ message: MessageView) {
        guard let key = message.key.flatMap({ PositionKey([UInt8]($0)) }), key.connector == connector else { return }
        guard let value = message.value else {
            return state.withLock { $0.positions[key.partition] = nil }  // deleted, to begin anew
        }
        let ledger = message.headers().first { $0.name == Self.accountingHeader }?.text
        state.withLock { state in
            state.positions[key.partition] = [UInt8](value)
            do throws(DeliveryError) {
                state.ledger = try Accounting(metadata: ledger).settled
            } catch {
                state.ledger = Tally()  // written by another version: counting starts here
            }
        }
    }
}
