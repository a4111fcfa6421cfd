#ifndef BUSBAR_CRC32C_H
#define BUSBAR_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CRC-32C (Castagnoli), as RFC 3720 B.4 gives it: reflected polynomial 0x82F63B78, initial value and final
 * exclusive-or all ones. `crc` is the result over the bytes before these, 0 to start. Safe on any thread. */
uint32_t busbar_crc32c_extend(uint32_t crc, const void *_Nullable bytes, size_t count);

/* The same by table, whatever the processor can do: what machines without the instruction get, and what the
 * tests compare the instruction with. */
uint32_t busbar_crc32c_extend_by_table(uint32_t crc, const void *_Nullable bytes, size_t count);

/* Whether busbar_crc32c_extend uses the processor's instruction here. */
bool busbar_crc32c_is_accelerated(void);

#endif
