internal import Glibc

/// A value behind a lock that threads can wait on with a deadline (`pthread_cond_timedwait`).
///
/// Unchecked: the value is touched only with the mutex held. Safe: both pointers live as long as the object.
@safe
final class WakeLock<Value>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var value: Value

    init(_ value: Value) {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        self.value = value
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// How many waiting threads look again after a change.
    enum Wake {
        case none
        case one
        case all
    }

    func change(_ body: (inout Value) -> Wake) {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        switch body(&value) {
        case .none: break
        case .one: unsafe pthread_cond_signal(condition)
        case .all: unsafe pthread_cond_broadcast(condition)
        }
    }

    /// What a waiting thread does next.
    enum Next<Result> {
        case done(Result)
        /// Look again when woken, or at this time (ns of the monotonic clock; nil for never).
        case wait(until: Int64?)
    }

    /// Looks until there is something to do.
    func wait<Result>(_ look: (inout Value) -> Next<Result>) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            switch look(&value) {
            case .done(let result): return result
            case .wait(until: nil): unsafe pthread_cond_wait(condition, mutex)
            case .wait(until: let deadline?):
                var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
                unsafe pthread_cond_timedwait(condition, mutex, &time)
            }
        }
    }
}

enum MonotonicClock {
    /// ns since some start.
    static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
