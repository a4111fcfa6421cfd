internal import KafkaProtocol

/// `<offset>.snapshot`: the producers as of all batches below the offset in the name.
///
/// Kafka's layout, version 1 (`ProducerStateManager.PID_SNAPSHOT_MAP_SCHEMA`), with the last batch of each producer;
/// behind it, where Kafka's reader stops looking, the earlier batches that it would forget.
enum ProducerSnapshot {
    private static let version: Int16 = 1
    private static let headerBytes = 6
    private static let entryBytes = 46

    static func encode(_ table: ProducerTable) -> [UInt8] {
        let producers = table.producers.sorted { $0.key < $1.key }
        var bytes: [UInt8] = []
        bytes.appendBigEndian(version)
        bytes.appendBigEndian(UInt32(0))
        bytes.appendBigEndian(Int32(producers.count))
        for (id, state) in producers { append(id, state, to: &bytes) }
        for (_, state) in producers { append(state.batches.dropLast(), to: &bytes) }
        bytes.storeBigEndian(CRC32C.checksum(Array(bytes[headerBytes...])), at: 2)
        return bytes
    }

    private static func append(_ id: Int64, _ state: ProducerState, to bytes: inout [UInt8]) {
        let last = state.batches.last
        bytes.appendBigEndian(id)
        bytes.appendBigEndian(state.epoch)
        bytes.appendBigEndian(last?.lastSequence ?? -1)
        bytes.appendBigEndian(last?.lastOffset ?? -1)
        bytes.appendBigEndian(last?.offsetDelta ?? 0)
        bytes.appendBigEndian(state.lastTimestamp)
        bytes.appendBigEndian(state.coordinatorEpoch)
        bytes.appendBigEndian(state.transactionStart ?? -1)
    }

    private static func append(_ batches: ArraySlice<ProducerState.Batch>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(batches.count))
        for batch in batches {
            bytes.appendBigEndian(batch.firstSequence)
            bytes.appendBigEndian(batch.lastSequence)
            bytes.appendBigEndian(batch.lastOffset)
            bytes.appendBigEndian(batch.offsetDelta)
        }
    }

    /// - Returns: nil when the bytes are torn, damaged or of another version.
    static func decode(_ bytes: [UInt8]) -> ProducerTable? {
        guard bytes.count >= headerBytes + 4, bytes.integer(at: 0) == version,
            CRC32C.checksum(Array(bytes[headerBytes...])) == bytes.integer(at: 2)
        else { return nil }
        let count = Int(bytes.integer(at: headerBytes, as: Int32.self))
        var extra = headerBytes + 4 + count * entryBytes
        guard count >= 0, extra <= bytes.count else { return nil }
        var table = ProducerTable()
        for index in 0..<count {
            let start = headerBytes + 4 + index * entryBytes
            var state = producer(bytes, at: start)
            guard let earlier = batches(bytes, at: &extra) else { return nil }
            state.batches = earlier + state.batches
            table.restore(bytes.integer(at: start), state)
        }
        return table
    }

    private static func producer(_ bytes: [UInt8], at start: Int) -> ProducerState {
        var state = ProducerState(epoch: bytes.integer(at: start + 8))
        let last: Int32 = bytes.integer(at: start + 10)
        let delta: Int32 = bytes.integer(at: start + 22)
        state.lastTimestamp = bytes.integer(at: start + 26)
        state.coordinatorEpoch = bytes.integer(at: start + 34)
        let transaction: Int64 = bytes.integer(at: start + 38)
        state.transactionStart = transaction < 0 ? nil : transaction
        guard last >= 0 else { return state }
        let first = Int64(last) - Int64(delta)
        state.batches = [
            ProducerState.Batch(
                firstSequence: Int32(first < 0 ? first + Int64(Int32.max) + 1 : first),
                lastSequence: last,
                lastOffset: bytes.integer(at: start + 14),
                offsetDelta: delta
            )
        ]
        return state
    }

    private static func batches(_ bytes: [UInt8], at place: inout Int) -> [ProducerState.Batch]? {
        guard place < bytes.count else { return nil }
        let count = Int(bytes[place])
        guard count < ProducerState.batchesKept, place + 1 + count * 20 <= bytes.count else { return nil }
        let start = place + 1
        place = start + count * 20
        return (0..<count).map { index in
            let at = start + index * 20
            return ProducerState.Batch(
                firstSequence: bytes.integer(at: at),
                lastSequence: bytes.integer(at: at + 4),
                lastOffset: bytes.integer(at: at + 8),
                offsetDelta: bytes.integer(at: at + 16)
            )
        }
    }
}
