// Where a run of plain text in JSON ends, sixteen bytes at a time: in C because Swift compares vectors byte by byte (6.3).
#ifndef BUSBAR_TEXT_SCAN_H
#define BUSBAR_TEXT_SCAN_H

#include <stdint.h>
#include <string.h>

// Not <emmintrin.h>: it draws in <stdlib.h>, whose types Swift would then believe to be of the compiler's module of
// intrinsics in every file that uses them.
#if defined(__SSE2__)
typedef signed char text_bytes __attribute__((vector_size(16)));
typedef char text_mask __attribute__((vector_size(16)));
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

// How many of the sixteen bytes from here on come before the first quote, backslash, control character or byte that is
// not ASCII; sixteen when none of them is there. Seen as signed, the bytes below 0x20 are the last two kinds.
static inline __attribute__((always_inline)) int64_t text_plain_count(const uint8_t *bytes) {
#if defined(__SSE2__)
    text_bytes text;
    memcpy(&text, bytes, sizeof(text));
    // The quote, 0x22, changes places with 0x20; bytes below 0x20 stay among themselves, and so do the negative ones. Less
    // 0x21, these are the bytes below 0, and the mask takes the sign alone.
    const text_bytes below = (text_bytes){} + 0x21;
    const text_bytes stops = __builtin_elementwise_sub_sat(text ^ 0x02, below) | (text == '\\');
    return __builtin_ctz((uint32_t)__builtin_ia32_pmovmskb128((text_mask)stops) | 0x10000);
#elif defined(__ARM_NEON) && defined(__aarch64__)
    const int8x16_t text = vreinterpretq_s8_u8(vld1q_u8(bytes));
    const uint8x16_t marks = vorrq_u8(vceqq_s8(text, vdupq_n_s8('"')), vceqq_s8(text, vdupq_n_s8('\\')));
    const uint8x16_t stops = vorrq_u8(marks, vcltq_s8(text, vdupq_n_s8(0x20)));
    // Four bits of each byte.
    const uint64_t halves = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(stops), 4)), 0);
    return halves == 0 ? 16 : __builtin_ctzll(halves) >> 2;
#else
    for (int64_t index = 0; index < 16; index++) {
        const int8_t byte = (int8_t)bytes[index];
        if (byte < 0x20 || byte == '"' || byte == '\\') return index;
    }
    return 16;
#endif
}

#endif
