// What Swift cannot call by itself: variadic functions and the macros that tag their arguments.
#ifndef BUSBAR_CLIBRDKAFKA_SHIM_H
#define BUSBAR_CLIBRDKAFKA_SHIM_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <sys/prctl.h>

// One record to be produced. A NULL key or value is a null; an empty one needs any non-NULL pointer.
typedef struct busbar_record {
    rd_kafka_topic_t *topic;
    const void *key;
    size_t key_size;
    const void *value;
    size_t value_size;
    rd_kafka_headers_t *headers;  // may be NULL; owned by librdkafka after success
    void *opaque;                 // comes back as rd_kafka_message_t._private in the delivery report
    int64_t timestamp;            // milliseconds; 0 is now
    int32_t partition;            // RD_KAFKA_PARTITION_UA lets the partitioner choose
} busbar_record;

// rd_kafka_producev() with the payload copied. Never blocks.
static inline rd_kafka_resp_err_t busbar_produce(rd_kafka_t *rk, const busbar_record *record) {
    if (record->headers != NULL) {
        return rd_kafka_producev(
            rk, RD_KAFKA_V_RKT(record->topic), RD_KAFKA_V_PARTITION(record->partition),
            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(record->key, record->key_size),
            RD_KAFKA_V_VALUE((void *)record->value, record->value_size), RD_KAFKA_V_TIMESTAMP(record->timestamp),
            RD_KAFKA_V_HEADERS(record->headers), RD_KAFKA_V_OPAQUE(record->opaque), RD_KAFKA_V_END);
    }
    return rd_kafka_producev(
        rk, RD_KAFKA_V_RKT(record->topic), RD_KAFKA_V_PARTITION(record->partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(record->key, record->key_size),
        RD_KAFKA_V_VALUE((void *)record->value, record->value_size), RD_KAFKA_V_TIMESTAMP(record->timestamp),
        RD_KAFKA_V_OPAQUE(record->opaque), RD_KAFKA_V_END);
}

// Names the calling thread; at most 15 bytes are kept.
static inline void busbar_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// An address for what is empty but not NULL.
static inline const void *busbar_empty(void) { return ""; }

#endif
