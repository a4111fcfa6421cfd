import KafkaProtocol
import NIOCore

/// What groups and transactions ask, in old and short versions.
extension TestConnection {
    struct Member {
        let group: String
        let id: String
        let generation: Int32
    }

    struct Producer {
        let transactionalID: String
        let id: Int64
        let epoch: Int16
    }

    /// Joins a group as its only member, and leads it.
    func join(_ group: String) throws -> Member {
        var joined = try call(.joinGroup, 1) { writer in
            writer.string(group)
            writer.int32(30_000)
            writer.int32(30_000)
            writer.string("")
            writer.string("consumer")
            writer.int32(1)
            writer.string("range")
            writer.bytes(ByteBuffer(string: "m"))
        }
        guard try joined.int16() == 0 else { throw Closed() }
        let generation = try joined.int32()
        _ = try joined.string()
        _ = try joined.string()
        let member = Member(group: group, id: try joined.string(), generation: generation)
        var synced = try call(.syncGroup, 0) { writer in
            writer.string(group)
            writer.int32(generation)
            writer.string(member.id)
            writer.int32(1)
            writer.string(member.id)
            writer.bytes(ByteBuffer(string: "a"))
        }
        guard try synced.int16() == 0 else { throw Closed() }
        return member
    }

    /// The error code.
    func heartbeat(_ member: Member) throws -> Int16 {
        var reader = try call(.heartbeat, 0) { writer in
            writer.string(member.group)
            writer.int32(member.generation)
            writer.string(member.id)
        }
        return try reader.int16()
    }

    /// Commits an offset of partition 0; the error code.
    func commit(_ offset: Int64, of topic: String, as member: Member) throws -> Int16 {
        var reader = try call(.offsetCommit, 2) { writer in
            writer.string(member.group)
            writer.int32(member.generation)
            writer.string(member.id)
            writer.int64(-1)
            writer.int32(1)
            writer.string(topic)
            writer.int32(1)
            writer.int32(0)
            writer.int64(offset)
            writer.nullableString(nil)
        }
        _ = try reader.int32()
        _ = try reader.string()
        _ = try reader.int32()
        _ = try reader.int32()
        return try reader.int16()
    }

    /// The committed offset of partition 0.
    func committed(_ topic: String, in group: String) throws -> Int64 {
        var reader = try call(.offsetFetch, 1) { writer in
            writer.string(group)
            writer.int32(1)
            writer.string(topic)
            writer.int32(1)
            writer.int32(0)
        }
        _ = try reader.int32()
        _ = try reader.string()
        _ = try reader.int32()
        _ = try reader.int32()
        return try reader.int64()
    }

    /// A transactional producer; the error code when there is one.
    func initProducer(_ id: String, timeout: Int32 = 60_000) throws -> (code: Int16, producer: Producer) {
        var reader = try call(.initProducerID, 0) { writer in
            writer.nullableString(id)
            writer.int32(timeout)
        }
        _ = try reader.int32()
        let code = try reader.int16()
        return (code, Producer(transactionalID: id, id: try reader.int64(), epoch: try reader.int16()))
    }

    /// Adds partition 0 of a topic to the transaction; the error code.
    func add(_ topic: String, to producer: Producer) throws -> Int16 {
        var reader = try call(.addPartitionsToTxn, 0) { writer in
            writer.string(producer.transactionalID)
            writer.int64(producer.id)
            writer.int16(producer.epoch)
            writer.int32(1)
            writer.string(topic)
            writer.int32(1)
            writer.int32(0)
        }
        _ = try reader.int32()
        _ = try reader.int32()
        _ = try reader.string()
        _ = try reader.int32()
        _ = try reader.int32()
        return try reader.int16()
    }

    /// Sends one record in the transaction; the error code.
    func produce(_ topic: String, _ value: String, sequence: Int32, in producer: Producer) throws -> Int16 {
        var batch = RecordBatchBuilder(
            attributes: RecordBatchAttributes(isTransactional: true),
            producerID: producer.id,
            producerEpoch: producer.epoch,
            baseSequence: sequence
        )
        batch.append(key: nil, value: ByteBuffer(string: value), timestamp: 1)
        let records = batch.finish()
        try send(.produce, 3) { writer in
            writer.nullableString(producer.transactionalID)
            writer.int16(-1)
            writer.int32(1_000)
            writer.int32(1)
            writer.string(topic)
            writer.int32(1)
            writer.int32(0)
            writer.bytes(records)
        }
        return try receiveProduce().code
    }

    /// Ends the transaction; the error code.
    func end(_ producer: Producer, commit: Bool) throws -> Int16 {
        var reader = try call(.endTxn, 0) { writer in
            writer.string(producer.transactionalID)
            writer.int64(producer.id)
            writer.int16(producer.epoch)
            writer.bool(commit)
        }
        _ = try reader.int32()
        return try reader.int16()
    }
}
