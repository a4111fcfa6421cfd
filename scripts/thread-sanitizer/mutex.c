// Tells ThreadSanitizer what Swift's Mutex orders when two threads want it at once.
//
// The uncontended lock and unlock are inlined atomics, which ThreadSanitizer sees. A contended one ends in
// libswiftSynchronization, where the kernel hands the lock over (FUTEX_LOCK_PI, FUTEX_UNLOCK_PI) and which is built without
// ThreadSanitizer: it sees no order there, and reports whatever a Mutex guards. Linked into a program, this takes the place
// of the two functions, says what they order and leaves the work to the originals.
//
// The symbols are those of Swift 6.3 on Linux (stdlib/public/Synchronization/Mutex/LinuxImpl.swift). Were they renamed,
// nothing would be replaced and the false reports would be back; no race is ever hidden by it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define swift_cc __attribute__((swiftcall))
#define handle_in_self __attribute__((swift_context))
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

void __tsan_acquire(void *address);
void __tsan_release(void *address);

typedef swift_cc void lock_slow(uint32_t thread, handle_in_self void *handle);
typedef swift_cc void unlock_slow(handle_in_self void *handle);

static lock_slow *original_lock;
static unlock_slow *original_unlock;

static void *original(const char *symbol) {
    void *function = dlsym(RTLD_NEXT, symbol);
    if (function == NULL) {
        fprintf(stderr, "no other %s than this one: is libswiftSynchronization not linked dynamically?\n", symbol);
        abort();
    }
    return function;
}

// Before there are threads: looked up later, it would need an order of its own.
__attribute__((constructor)) static void find_originals(void) {
    original_lock = (lock_slow *)original(LOCK_SLOW);
    original_unlock = (unlock_slow *)original(UNLOCK_SLOW);
}

swift_cc void lock_contended(uint32_t thread, handle_in_self void *handle) __asm__(LOCK_SLOW);
swift_cc void lock_contended(uint32_t thread, handle_in_self void *handle) {
    original_lock(thread, handle);
    __tsan_acquire(handle);
}

swift_cc void unlock_contended(handle_in_self void *handle) __asm__(UNLOCK_SLOW);
swift_cc void unlock_contended(handle_in_self void *handle) {
    __tsan_release(handle);
    original_unlock(handle);
}
