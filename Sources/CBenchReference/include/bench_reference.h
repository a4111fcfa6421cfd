// The loops that busbar-bench compares its Swift with: the same librdkafka calls, settings and work, in plain C.
#ifndef BUSBAR_BENCH_REFERENCE_H
#define BUSBAR_BENCH_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

typedef struct bench_outcome {
    double seconds;   // wall clock of the timed part
    double cpu;       // CPU seconds of the process in it
    int64_t count;    // messages
    int64_t bytes;    // of values
    char error[256];  // empty when all went well
} bench_outcome;

// Reads `count` messages as a new group member, by rd_kafka_consumer_poll; timed from the first message. With
// `prefetch_seconds` above 0 it waits so long after the first one, until all are in the client's queue: then the fetching is not
// timed.
bench_outcome bench_consume(const char *brokers, const char *topic, const char *group, int64_t count,
                            int32_t prefetch_seconds);

// Produces `count` values of `size` bytes with `headers` headers round robin over `partitions`; timed until the last
// delivery report.
bench_outcome bench_produce(const char *brokers, const char *topic, int32_t partitions, int64_t count, size_t size,
                            int headers);

// Copies `count` messages, `per_transaction` of them in each transaction with the group's offsets; timed from the first
// message to the last commit.
bench_outcome bench_copy(const char *brokers, const char *from, const char *to, const char *group,
                         const char *transactional_id, int64_t count, int64_t per_transaction);

#endif
