import ConnectorKit
import Log

/// 2026-11-22T15:03:15.042Z.
let testTime = Timestamp(milliseconds: 1_795_359_795_042)

func record(
    _ id: String,
    _ value: String,
    topic: TopicName = "events",
    offset: Int64 = 0,
    key: String? = nil
) -> Record {
    Record(
        id: id,
        key: key.map { Array($0.utf8) },
        value: .owned(Array(value.utf8)),
        timestamp: testTime,
        origin: Record.Origin(TopicPartition(topic, 0), Offset(offset))
    )
}
