"""What is refused, and that it is refused by Kafka's name for it."""

from cases import Record, case, expect_equal, expect_error


@case(clients=("confluent",))  # the others always ask for the topic to be created, kafka-python whatever is set
def error_unknown_topic(c):
    """Producing to a topic that does not exist, by a client that does not ask for it to be created, fails."""
    name = c.name("t")
    expect_error(("UNKNOWN_TOPIC_OR_PARTITION", "_UNKNOWN_TOPIC", "KafkaTimeoutError", "_MSG_TIMED_OUT"),
                 lambda: c.client.produce(name, [Record(b"x", b"k")], timeout_ms=4000), "produce")


@case()
def error_message_too_large(c):
    """A batch above the topic's max.message.bytes is refused; smaller ones go on."""
    topic = c.topic(max_message_bytes=10_000)
    expect_error(("MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"),
                 lambda: c.client.produce(topic, [Record(c.random.randbytes(20_000), b"k")]), "20,000 bytes")
    expect_equal(c.client.produce(topic, [Record(b"small", b"k")]), [(0, 0)], "place of a small one")


@case()
def error_default_limit_is_kafkas(c):
    """Without a topic setting, 900 KB is taken and 1.2 MB is not (Kafka's 1,048,588 bytes)."""
    topic = c.topic()
    expect_equal(c.client.produce(topic, [Record(c.random.randbytes(900_000), b"k")]), [(0, 0)], "900 KB")
    expect_error(("MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"),
                 lambda: c.client.produce(topic, [Record(c.random.randbytes(1_200_000), b"k")]), "1.2 MB")


@case(clients=("confluent", "kafka-python"))
def error_keyless_on_compacted_topic(c):
    """A compacted topic refuses records without key."""
    topic = c.topic(cleanup_policy="compact")
    expect_error(("INVALID_RECORD", "CORRUPT_MESSAGE"),
                 lambda: c.client.produce(topic, [Record(b"x")], timeout_ms=5000), "no key")
    c.client.produce(topic, [Record(b"x", b"k")])
