#include "crc32c.h"

#include <pthread.h>
#include <string.h>

/* Slicing by 8: table[k][b] is the CRC of byte b followed by k zero bytes. */
static uint32_t table[8][256];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void fill_table(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ ((crc & 1) ? 0x82F63B78u : 0);
        }
        table[0][byte] = crc;
    }
    for (int k = 1; k < 8; k++) {
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint32_t previous = table[k - 1][byte];
            table[k][byte] = (previous >> 8) ^ table[0][previous & 0xFF];
        }
    }
}

static uint32_t load_little_endian(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t busbar_crc32c_extend_by_table(uint32_t crc, const void *bytes, size_t count) {
    pthread_once(&table_once, fill_table);
    const uint8_t *p = bytes;
    crc = ~crc;
    for (; count >= 8; count -= 8, p += 8) {
        uint32_t low = load_little_endian(p) ^ crc;
        uint32_t high = load_little_endian(p + 4);
        crc = table[7][low & 0xFF] ^ table[6][(low >> 8) & 0xFF] ^ table[5][(low >> 16) & 0xFF] ^ table[4][low >> 24]
            ^ table[3][high & 0xFF] ^ table[2][(high >> 8) & 0xFF] ^ table[1][(high >> 16) & 0xFF]
            ^ table[0][high >> 24];
    }
    for (; count > 0; count--, p++) {
        crc = (crc >> 8) ^ table[0][(crc ^ *p) & 0xFF];
    }
    return ~crc;
}

#if defined(__x86_64__)

#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t extend_by_instruction(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    uint64_t state = (uint32_t)~crc;
    for (; count >= 8; count -= 8, p += 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        state = _mm_crc32_u64(state, word);
    }
    for (; count > 0; count--, p++) {
        state = _mm_crc32_u8((uint32_t)state, *p);
    }
    return ~(uint32_t)state;
}

bool busbar_crc32c_is_accelerated(void) { return __builtin_cpu_supports("sse4.2"); }

#elif defined(__aarch64__) && (defined(__linux__) || defined(__APPLE__))

#if defined(__linux__)
#include <sys/auxv.h>
/* From Linux's asm/hwcap.h; not every libc's headers carry it. */
#define BUSBAR_HWCAP_CRC32 (1 << 7)
#endif

__attribute__((target("crc"))) static uint32_t extend_by_instruction(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *p = bytes;
    crc = ~crc;
    for (; count >= 8; count -= 8, p += 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        crc = __builtin_arm_crc32cd(crc, word);
    }
    for (; count > 0; count--, p++) {
        crc = __builtin_arm_crc32cb(crc, *p);
    }
    return ~crc;
}

bool busbar_crc32c_is_accelerated(void) {
#if defined(__linux__)
    return (getauxval(AT_HWCAP) & BUSBAR_HWCAP_CRC32) != 0;
#else
    /* Every arm64 processor Apple ships has the CRC instructions (they are mandatory from Armv8.1). */
    return true;
#endif
}

#else

static uint32_t extend_by_instruction(uint32_t crc, const void *bytes, size_t count) {
    return busbar_crc32c_extend_by_table(crc, bytes, count);
}

bool busbar_crc32c_is_accelerated(void) { return false; }

#endif

uint32_t busbar_crc32c_extend(uint32_t crc, const void *bytes, size_t count) {
    return busbar_crc32c_is_accelerated() ? extend_by_instruction(crc, bytes, count)
                                          : busbar_crc32c_extend_by_table(crc, bytes, count);
}
