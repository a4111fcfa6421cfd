internal import CJQ
internal import Glibc
internal import Synchronization

/// Whether a `jq_state` runs right now, and since when: what the watchdog may look at.
///
/// Invariant: `jq_halt` is called only with the lock held, while `running` is set, and at most once per run.
/// `running` is set between `begin` and `end`, which the evaluating thread calls around `jq_next`. So it never meets
/// `jq_start`, `jq_compile` or `jq_teardown`, and `jq_halt`'s assertion that the state was not halted before holds
/// (programs cannot call `halt`). Meanwhile the evaluating thread does nothing with the fields that `jq_halt` writes
/// but read the int `halted` before each instruction (jq 1.6 execute.c, `jq_next`).
///
/// Not reached by this: one C function that runs long by itself. Those that a record can blow up are bounded by the
/// guards of `Prelude` and by Oniguruma's limits; what remains (sorting, grouping, printing, parsing) takes time in
/// proportion to the size of its input.
final class RunGuard: Sendable {
    @safe
    private struct Run {
        var running: OpaquePointer?
        var thread = pthread_t()
        var limit: UInt64 = 0
        /// Processor time of the thread when the watchdog first saw this run.
        var firstSeen: UInt64?
        var isHalted = false
    }

    private let run = Mutex(Run())
    /// Runs begun, so that the watchdog sees activity between its looks.
    private let begun = Atomic<UInt64>(0)

    func begin(_ state: OpaquePointer, limit: UInt64) {
        let state = unsafe SendableState(pointer: state)
        run.withLock {
            unsafe $0 = Run(running: state.pointer, thread: pthread_self(), limit: limit)
        }
        begun.wrappingAdd(1, ordering: .relaxed)
        Watchdog.shared.wake()
    }

    /// Whether the run was halted.
    func end() -> Bool {
        run.withLock {
            unsafe $0.running = nil
            return $0.isHalted
        }
    }

    var runs: UInt64 { begun.load(ordering: .relaxed) }

    /// Called by the watchdog; returns whether a run is going on.
    ///
    /// Time is the thread's processor time from the first look on, so a run gets its limit and up to one interval.
    func check() -> Bool {
        run.withLock { run in
            guard let state = unsafe run.running, !run.isHalted else { return false }
            // The thread cannot end while it is inside `begin` … `end`.
            guard let used = Self.processorTime(of: run.thread) else { return true }
            guard let firstSeen = run.firstSeen else {
                run.firstSeen = used
                return true
            }
            if used - firstSeen > run.limit {
                run.isHalted = true
                unsafe jq_halt(state, jv_invalid(), jv_invalid())
            }
            return true
        }
    }

    private static func processorTime(of thread: pthread_t) -> UInt64? {
        var clock = clockid_t()
        var time = timespec()
        guard unsafe pthread_getcpuclockid(thread, &clock) == 0, unsafe clock_gettime(clock, &time) == 0 else {
            return nil
        }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Carries the pointer into the lock's closure; the lock is what makes sharing it safe.
    @safe
    private struct SendableState: @unchecked Sendable {
        let pointer: OpaquePointer
    }
}

/// One thread for the process that stops evaluations beyond their time.
///
/// It looks every 5 ms while anything runs and sleeps, without waking up, when nothing did for half a second.
/// `@unchecked Sendable`: `guards` and the condition are used under `lock` only; the rest is atomic.
@safe
final class Watchdog: @unchecked Sendable {
    static let shared = Watchdog()

    private static let intervalNanoseconds = 5_000_000
    private static let idleLooks = 100

    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var guards: [ObjectIdentifier: RunGuard] = [:]
    private let isAsleep = Atomic<Bool>(false)

    /// The shared instance lives as long as the process, so nothing here is ever freed.
    private init() {
        unsafe pthread_mutex_init(lock, nil)
        unsafe pthread_cond_init(condition, nil)
        var thread = pthread_t()
        let error = unsafe pthread_create(
            &thread,
            nil,
            { _ in
                Watchdog.shared.watchForever()
                return nil
            },
            nil
        )
        precondition(error == 0, "no thread can be started to bound jq programs (pthread_create: \(error))")
        pthread_detach(thread)
    }

    func watch(_ run: RunGuard) { locked { guards[ObjectIdentifier(run)] = run } }

    func forget(_ run: RunGuard) { locked { guards[ObjectIdentifier(run)] = nil } }

    /// Cheap while the watchdog is awake: one atomic load.
    ///
    /// No run is missed: the sleeper sets `isAsleep` and then looks at every run once more under its lock, the runner
    /// writes its run under that lock and then reads `isAsleep`; one of them sees the other.
    func wake() {
        guard isAsleep.load(ordering: .sequentiallyConsistent) else { return }
        locked {
            isAsleep.store(false, ordering: .sequentiallyConsistent)
            unsafe pthread_cond_signal(condition)
        }
    }

    private func locked(_ body: () -> Void) {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        body()
    }

    private func watchForever() {
        var quiet = 0
        var seen: UInt64 = 0
        while true {
            let (isRunning, runs) = look()
            quiet = isRunning || runs != seen ? 0 : quiet + 1
            seen = runs
            if quiet > Self.idleLooks {
                sleepUntilWoken()
                quiet = 0
            }
            var interval = timespec(tv_sec: 0, tv_nsec: Self.intervalNanoseconds)
            unsafe nanosleep(&interval, nil)
        }
    }

    private func look() -> (isRunning: Bool, runs: UInt64) {
        var all: [RunGuard] = []
        locked { all = Array(guards.values) }
        var isRunning = false
        var runs: UInt64 = 0
        for run in all {
            if run.check() { isRunning = true }
            runs &+= run.runs
        }
        return (isRunning, runs)
    }

    private func sleepUntilWoken() {
        isAsleep.store(true, ordering: .sequentiallyConsistent)
        if look().isRunning {
            isAsleep.store(false, ordering: .sequentiallyConsistent)
            return
        }
        locked {
            while isAsleep.load(ordering: .sequentiallyConsistent) { unsafe pthread_cond_wait(condition, lock) }
        }
    }
}
