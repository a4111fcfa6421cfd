internal import CJQ
internal import Glibc

/// One compiled program in libjq: owns the `jq_state`.
///
/// A `jq_state` belongs to one thread at a time (jq.h has no locks), so this class is not Sendable. The one call from
/// outside is the watchdog's `jq_halt`; `RunGuard` says when that is allowed.
@safe
final class JQMachine {
    let text: MachineText
    private let guarded = RunGuard()
    private var state: OpaquePointer
    /// Present for programs that can nest values deeper than the caller's stack is for.
    private let deepStack: DeepStack?

    /// Compiles; takes about 30 ms, most of it jq's own library.
    /// - Throws: `.syntax` or `.undefined`, with the place in the program.
    init(_ text: MachineText) throws(ExpressionError) {
        RegexLimits.apply()
        self.text = text
        deepStack = text.canNest ? try DeepStack() : nil
        unsafe state = try Self.compile(text)
        Watchdog.shared.watch(guarded)
    }

    deinit {
        Watchdog.shared.forget(guarded)
        guard let deepStack else { return unsafe Self.destroy(state) }
        deepStack.run { unsafe Self.destroy(state) }
    }

    /// Runs the program over one input and hands each result to `body` until that returns false.
    ///
    /// Takes ownership of `input`; a result is `body`'s to free, before it returns where it may be deep. `body` may be
    /// called on another thread while the caller waits.
    /// - Throws: `.runtime` and what guards raise, `.timeLimit`, and what `body` throws.
    func run(
        _ input: jv,
        limits: ExpressionLimits,
        _ body: (jv) throws(ExpressionError) -> Bool
    ) throws(ExpressionError) {
        guard let deepStack else { return try unsafe runHere(input, limits, body) }
        var failure: ExpressionError?
        deepStack.run {
            do throws(ExpressionError) {
                try unsafe runHere(input, limits, body)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private func runHere(
        _ input: jv,
        _ limits: ExpressionLimits,
        _ body: (jv) throws(ExpressionError) -> Bool
    ) throws(ExpressionError) {
        unsafe jq_start(state, input, 0)
        unsafe guarded.begin(state, limit: limits.timeNanoseconds)
        do {
            try unsafe produce(body)
        } catch {
            // A result that is too large may have been halted as well: the first cause is reported.
            if guarded.end() { try replaceState() }
            throw error
        }
        guard guarded.end() else { return }
        try replaceState()
        throw ExpressionError(
            code: .timeLimit,
            message: "the program ran for more than \(limits.time) on one record and was stopped; make it stop earlier"
        )
    }

    private func produce(_ body: (jv) throws(ExpressionError) -> Bool) throws(ExpressionError) {
        while true {
            let result = unsafe jq_next(state)
            if unsafe jv_get_kind(result) == JV_KIND_INVALID {
                guard unsafe jv_invalid_has_msg(jv_copy(result)) != 0 else {
                    unsafe jv_free(result)
                    return
                }
                throw unsafe RuntimeMessage.error(taking: jv_invalid_get_msg(result), program: text.source)
            }
            guard try unsafe body(result) else { return }
        }
    }

    /// A halted state has stopped between two instructions; it is thrown away rather than rewound.
    private func replaceState() throws(ExpressionError) {
        let fresh = try unsafe Self.compile(text)
        unsafe Self.destroy(state)
        unsafe state = fresh
    }

    private static func compile(_ text: MachineText) throws(ExpressionError) -> OpaquePointer {
        guard let state = unsafe jq_init() else {
            throw ExpressionError(code: .runtime, message: "out of memory while a jq program was compiled")
        }
        let complaints = Complaints()
        // `complaints` is only used by the callback, on this thread, during `jq_compile` below, and outlives that call.
        unsafe jq_set_error_cb(state, Complaints.collect, Unmanaged.passUnretained(complaints).toOpaque())
        // jq_init leaves these unset; no input and debug callbacks exist here, and the guards keep programs from them.
        unsafe jq_set_nomem_handler(state, { _ in }, nil)
        unsafe jq_set_input_cb(state, nil, nil)
        unsafe jq_set_debug_cb(state, nil, nil)
        let isCompiled = unsafe jq_compile(state, text.text) != 0
        unsafe jq_set_error_cb(state, nil, nil)
        extendLifetime(complaints)
        guard isCompiled else {
            unsafe destroy(state)
            throw CompileMessage(complaints.messages, text).error
        }
        return unsafe state
    }

    private static func destroy(_ state: OpaquePointer) {
        var state: OpaquePointer? = unsafe state
        unsafe jq_teardown(&state)
    }
}

/// Receives libjq's compile errors, in the order it finds them.
private final class Complaints {
    var messages: [String] = []

    /// Called by libjq on the compiling thread; owns `message`.
    static let collect: @convention(c) (UnsafeMutableRawPointer?, jv) -> Void = { context, message in
        defer { unsafe jv_free(message) }
        guard let context = unsafe context, unsafe jv_get_kind(message) == JV_KIND_STRING else { return }
        let complaints = unsafe Unmanaged<Complaints>.fromOpaque(context).takeUnretainedValue()
        complaints.messages.append(unsafe JQString.text(of: message))
    }
}

/// Bounds on one regular expression search, which is a single C call that no halt reaches.
///
/// Oniguruma (libjq's engine) by itself tries 10 million steps at every start position. Its limits are global to the
/// process and are set once, before the first program compiles. They are looked up by name because libjq's
/// packages do not promise Oniguruma's headers.
private enum RegexLimits {
    private static let applied: Bool = {
        let inMatch = set("onig_set_retry_limit_in_match", 1_000_000)
        let inSearch = set("onig_set_retry_limit_in_search", 2_000_000)
        return inMatch && inSearch
    }()

    static func apply() { _ = applied }

    private static func set(_ name: String, _ limit: UInt) -> Bool {
        guard let symbol = unsafe dlsym(nil, name) else { return false }
        typealias Setter = @convention(c) (UInt) -> Int32
        return unsafe unsafeBitCast(symbol, to: Setter.self)(limit) == 0
    }
}
