#define _GNU_SOURCE
#include "bench_reference.h"

#include <librdkafka/rdkafka.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct delivery_count {
    int64_t delivered;
    int64_t failed;
} delivery_count;

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void start_clock(bench_outcome *outcome) {
    outcome->seconds = -seconds_of(CLOCK_MONOTONIC);
    outcome->cpu = -seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

static void stop_clock(bench_outcome *outcome) {
    outcome->seconds += seconds_of(CLOCK_MONOTONIC);
    outcome->cpu += seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    (void)rk;
    delivery_count *count = opaque;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        count->delivered++;
    } else {
        count->failed++;
    }
}

// Makes a client from name, value, ..., NULL; NULL with a reason in `outcome` when that fails.
static rd_kafka_t *client(rd_kafka_type_t type, delivery_count *count, bench_outcome *outcome, ...) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    // As the wrapper has it by default.
    rd_kafka_conf_set(conf, "socket.nagle.disable", "true", NULL, 0);
    va_list arguments;
    va_start(arguments, outcome);
    const char *name;
    while ((name = va_arg(arguments, const char *)) != NULL) {
        const char *value = va_arg(arguments, const char *);
        if (rd_kafka_conf_set(conf, name, value, outcome->error, sizeof(outcome->error)) != RD_KAFKA_CONF_OK) {
            va_end(arguments);
            rd_kafka_conf_destroy(conf);
            return NULL;
        }
    }
    va_end(arguments);
    // A topic property set through the global configuration succeeds and leaves a complaint behind.
    outcome->error[0] = 0;
    if (count != NULL) {
        rd_kafka_conf_set_opaque(conf, count);
        rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    }
    rd_kafka_t *rk = rd_kafka_new(type, conf, outcome->error, sizeof(outcome->error));
    if (rk == NULL) rd_kafka_conf_destroy(conf);
    if (rk != NULL && type == RD_KAFKA_CONSUMER) rd_kafka_poll_set_consumer(rk);
    return rk;
}

static rd_kafka_t *subscriber(const char *brokers, const char *topic, const char *group, int fetches_all,
                              bench_outcome *outcome) {
    rd_kafka_t *rk = client(
        RD_KAFKA_CONSUMER, NULL, outcome, "bootstrap.servers", brokers, "group.id", group, "enable.auto.commit",
        "false", "enable.auto.offset.store", "false", "auto.offset.reset", "earliest", "isolation.level",
        "read_committed", "partition.assignment.strategy", "cooperative-sticky", "session.timeout.ms", "10000",
        "queued.max.messages.kbytes", fetches_all ? "2097151" : "32768", "queued.min.messages",
        fetches_all ? "1000000" : "100000", "check.crcs", "true",
        "fetch.wait.max.ms", "100", NULL);
    if (rk == NULL) return NULL;
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(rk, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return rk;
}

// Waits until everything that is left lies in the consumer's queue; 0 and a reason when it does not in time.
static int prefetch(rd_kafka_t *rk, int64_t left, int32_t seconds, bench_outcome *outcome) {
    struct timespec pause = {.tv_sec = seconds};
    nanosleep(&pause, NULL);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(rk);
    int64_t fetched = (int64_t)rd_kafka_queue_length(queue);
    rd_kafka_queue_destroy(queue);
    if (fetched >= left) return 1;
    snprintf(outcome->error, sizeof(outcome->error), "only %lld of %lld messages were fetched within %d s",
             (long long)fetched, (long long)left, seconds);
    return 0;
}

bench_outcome bench_consume(const char *brokers, const char *topic, const char *group, int64_t count,
                            int32_t prefetch_seconds) {
    bench_outcome outcome = {0};
    rd_kafka_t *rk = subscriber(brokers, topic, group, prefetch_seconds > 0, &outcome);
    if (rk == NULL) return outcome;
    while (outcome.count < count) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(rk, 1000);
        if (message == NULL) continue;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            if (outcome.count == 0) {
                if (prefetch_seconds > 0 && !prefetch(rk, count - 1, prefetch_seconds, &outcome)) break;
                start_clock(&outcome);
            }
            outcome.count++;
            outcome.bytes += (int64_t)message->len;
        }
        rd_kafka_message_destroy(message);
    }
    stop_clock(&outcome);
    rd_kafka_consumer_close(rk);
    rd_kafka_destroy(rk);
    return outcome;
}

// Hands one record over, serving reports while the queue is full; 0 when it was refused.
static int enqueue(rd_kafka_t *rk, rd_kafka_topic_t *topic, int32_t partition, void *value, size_t size, int headers) {
    for (;;) {
        rd_kafka_resp_err_t code;
        if (headers == 0) {
            code = rd_kafka_producev(
                rk, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                RD_KAFKA_V_VALUE(value, size), RD_KAFKA_V_END);
        } else {
            rd_kafka_headers_t *list = rd_kafka_headers_new((size_t)headers);
            for (int i = 0; i < headers; i++) rd_kafka_header_add(list, "header-1", 8, "header-1", 8);
            code = rd_kafka_producev(
                rk, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                RD_KAFKA_V_VALUE(value, size), RD_KAFKA_V_HEADERS(list), RD_KAFKA_V_END);
            if (code != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(list);
        }
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) return code == RD_KAFKA_RESP_ERR_NO_ERROR;
        rd_kafka_poll(rk, 10);
    }
}

bench_outcome bench_produce(const char *brokers, const char *topic, int32_t partitions, int64_t count, size_t size,
                            int headers) {
    bench_outcome outcome = {0};
    delivery_count deliveries = {0};
    rd_kafka_t *rk = client(
        RD_KAFKA_PRODUCER, &deliveries, &outcome, "bootstrap.servers", brokers, "enable.idempotence", "true",
        "acks", "all", "linger.ms", "5", "partitioner", "murmur2_random", NULL);
    if (rk == NULL) return outcome;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(rk, topic, NULL);
    char *value = malloc(size);
    memset(value, 'x', size);
    start_clock(&outcome);
    for (int64_t number = 0; number < count; number++) {
        if (!enqueue(rk, handle, (int32_t)(number % partitions), value, size, headers)) deliveries.failed++;
        if (number % 1000 == 0) rd_kafka_poll(rk, 0);
    }
    while (deliveries.delivered + deliveries.failed < count) rd_kafka_poll(rk, 100);
    stop_clock(&outcome);
    outcome.count = deliveries.delivered;
    outcome.bytes = deliveries.delivered * (int64_t)size;
    if (deliveries.failed > 0) snprintf(outcome.error, sizeof(outcome.error), "%lld records failed", (long long)deliveries.failed);
    free(value);
    rd_kafka_topic_destroy(handle);
    rd_kafka_destroy(rk);
    return outcome;
}

// Turns an error object into the outcome's text and destroys it; 1 when there was none.
static int succeeded(rd_kafka_error_t *error, bench_outcome *outcome) {
    if (error == NULL) return 1;
    snprintf(outcome->error, sizeof(outcome->error), "%s", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return 0;
}

static int commit_copy(rd_kafka_t *consumer, rd_kafka_t *producer, rd_kafka_topic_partition_list_t *offsets,
                       bench_outcome *outcome) {
    rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(consumer);
    int ok = succeeded(rd_kafka_send_offsets_to_transaction(producer, offsets, group, 30000), outcome) &&
             succeeded(rd_kafka_commit_transaction(producer, 30000), outcome);
    rd_kafka_consumer_group_metadata_destroy(group);
    return ok;
}

static void copy_messages(rd_kafka_t *consumer, rd_kafka_t *producer, rd_kafka_topic_t *to, int64_t count,
                          int64_t per_transaction, bench_outcome *outcome) {
    while (outcome->count < count) {
        rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new(64);
        int64_t end = outcome->count + per_transaction < count ? outcome->count + per_transaction : count;
        int is_open = 0;
        while (outcome->count < end) {
            rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 1000);
            if (message == NULL) continue;
            if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                if (outcome->count == 0) start_clock(outcome);
                if (!is_open) is_open = succeeded(rd_kafka_begin_transaction(producer), outcome);
                enqueue(producer, to, message->partition, message->payload, message->len, 0);
                const char *name = rd_kafka_topic_name(message->rkt);
                rd_kafka_topic_partition_t *entry =
                    rd_kafka_topic_partition_list_find(offsets, name, message->partition);
                if (entry == NULL) entry = rd_kafka_topic_partition_list_add(offsets, name, message->partition);
                entry->offset = message->offset + 1;
                outcome->count++;
                outcome->bytes += (int64_t)message->len;
            }
            rd_kafka_message_destroy(message);
            if (outcome->count % 1000 == 0) rd_kafka_poll(producer, 0);
        }
        int ok = commit_copy(consumer, producer, offsets, outcome);
        rd_kafka_topic_partition_list_destroy(offsets);
        if (!ok) return;
    }
}

bench_outcome bench_copy(const char *brokers, const char *from, const char *to, const char *group,
                         const char *transactional_id, int64_t count, int64_t per_transaction) {
    bench_outcome outcome = {0};
    delivery_count deliveries = {0};
    rd_kafka_t *producer = client(
        RD_KAFKA_PRODUCER, &deliveries, &outcome, "bootstrap.servers", brokers, "enable.idempotence", "true",
        "acks", "all", "linger.ms", "5", "partitioner", "murmur2_random", "transactional.id", transactional_id, NULL);
    if (producer == NULL) return outcome;
    if (!succeeded(rd_kafka_init_transactions(producer, 30000), &outcome)) {
        rd_kafka_destroy(producer);
        return outcome;
    }
    rd_kafka_t *consumer = subscriber(brokers, from, group, 0, &outcome);
    if (consumer == NULL) {
        rd_kafka_destroy(producer);
        return outcome;
    }
    rd_kafka_topic_t *handle = rd_kafka_topic_new(producer, to, NULL);
    copy_messages(consumer, producer, handle, count, per_transaction, &outcome);
    stop_clock(&outcome);
    if (deliveries.failed > 0) snprintf(outcome.error, sizeof(outcome.error), "%lld records failed", (long long)deliveries.failed);
    rd_kafka_topic_destroy(handle);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    rd_kafka_destroy(producer);
    return outcome;
}
