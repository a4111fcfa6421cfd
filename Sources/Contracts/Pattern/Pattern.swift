import CPCRE2

/// A compiled regular expression of a contract.
///
/// Owns `pcre2_code`, which is immutable after `init` and, as pcre2api says under "Multithreading", may be used by
/// several threads at once: hence `@unchecked Sendable`.
@safe
final class Pattern: @unchecked Sendable {
    /// The pattern as the schema has it.
    let source: String
    let code: OpaquePointer

    /// Characters of a pattern; longer ones are refused.
    static let maxLength = 10_000

    /// - Throws: `ContractError` of code `invalidPattern` without a place; the caller knows it.
    init(_ source: String) throws(ContractError) {
        guard source.utf8.count <= Self.maxLength else {
            throw ContractError(.invalidPattern, "the pattern has more than \(Self.maxLength) bytes")
        }
        self.source = source
        var error: Int32 = 0
        var offset = 0
        guard let compiled = unsafe try Self.compile(source, &error, &offset) else {
            throw ContractError(
                .invalidPattern,
                "the pattern is no regular expression: \(Self.message(error)) (near character \(offset))"
            )
        }
        unsafe code = compiled
        // Where the machine has no JIT the interpreter matches the same, only slower.
        _ = unsafe pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
    }

    deinit {
        unsafe pcre2_code_free_8(code)
    }

    /// Bytes of the compiled pattern and its machine code; a pattern of 12 characters can have 100 KB.
    var size: Int {
        var (code, machineCode) = (0, 0)
        _ = unsafe pcre2_pattern_info_8(self.code, UInt32(PCRE2_INFO_SIZE), &code)
        _ = unsafe pcre2_pattern_info_8(self.code, UInt32(PCRE2_INFO_JITSIZE), &machineCode)
        return code + machineCode
    }

    /// Whether a text is a regular expression, for `format: regex`.
    ///
    /// True also for a look-behind whose length varies: ECMA-262 has it, though PCRE2 10.42 cannot match by it, so that
    /// `init` refuses it.
    static func isExpression(_ source: String) -> Bool {
        guard source.utf8.count <= maxLength else { return false }
        var error: Int32 = 0
        var offset = 0
        do {
            guard let compiled = unsafe try compile(source, &error, &offset) else {
                return error == PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH
            }
            unsafe pcre2_code_free_8(compiled)
            return true
        } catch {
            return false
        }
    }

    /// - Returns: What `pcre2_code_free` must be called with; nil when PCRE2 refuses, with its reason in `error`.
    /// - Throws: What ECMA-262 does not have.
    private static func compile(
        _ source: String,
        _ error: inout Int32,
        _ offset: inout Int
    ) throws(ContractError) -> OpaquePointer? {
        let translated = Array(try PatternTranslation.translate(source).utf8)
        // The context is only read by pcre2_compile; extra options have no other way in.
        guard let context = unsafe pcre2_compile_context_create_8(nil) else {
            throw ContractError(.invalidPattern, "there is no memory to compile the pattern")
        }
        defer { unsafe pcre2_compile_context_free_8(context) }
        _ = unsafe pcre2_set_compile_extra_options_8(context, UInt32(PCRE2_EXTRA_ALT_BSUX))
        let options =
            PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | UInt32(PCRE2_MATCH_UNSET_BACKREF) | UInt32(PCRE2_ALLOW_EMPTY_CLASS)
            | UInt32(PCRE2_NEVER_BACKSLASH_C)
        return unsafe translated.withUnsafeBufferPointer {
            unsafe pcre2_compile_8($0.baseAddress, $0.count, UInt32(options), &error, &offset, context)
        }
    }

    private static func message(_ error: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = unsafe buffer.withUnsafeMutableBufferPointer {
            unsafe pcre2_get_error_message_8(error, $0.baseAddress, $0.count)
        }
        return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(error)"
    }
}

/// The memory that matching needs: one per thread.
@safe
final class PatternMatcher {
    enum Outcome {
        case matched, unmatched
        /// The bound on work was hit, so it is not known.
        case undecided
    }

    private let data: OpaquePointer?
    private let context: OpaquePointer?

    /// Backtracking steps per match. The default of PCRE2 is 10,000,000: about a tenth of a second.
    static let matchLimit: UInt32 = 200_000
    /// KiB of heap that the interpreter may use when it stands in for the JIT.
    static let heapLimit: UInt32 = 4_096

    init() {
        unsafe data = pcre2_match_data_create_8(1, nil)
        unsafe context = pcre2_match_context_create_8(nil)
        if let context = unsafe context {
            _ = unsafe pcre2_set_match_limit_8(context, Self.matchLimit)
            _ = unsafe pcre2_set_depth_limit_8(context, Self.matchLimit)
            _ = unsafe pcre2_set_heap_limit_8(context, Self.heapLimit)
        }
    }

    deinit {
        unsafe pcre2_match_data_free_8(data)
        unsafe pcre2_match_context_free_8(context)
    }

    /// Searches the pattern in a text that is known to be UTF-8.
    func match(_ code: OpaquePointer, _ text: UnsafeBufferPointer<UInt8>) -> Outcome {
        guard let data = unsafe data, let context = unsafe context else { return .undecided }
        var result = unsafe pcre2_match_8(
            code,
            text.baseAddress,
            text.count,
            0,
            UInt32(PCRE2_NO_UTF_CHECK),
            data,
            context
        )
        if result == PCRE2_ERROR_JIT_STACKLIMIT {
            // The JIT works on 32 KiB of the machine stack; the interpreter on the heap, up to heapLimit.
            result = unsafe pcre2_match_8(
                code,
                text.baseAddress,
                text.count,
                0,
                UInt32(PCRE2_NO_UTF_CHECK) | UInt32(PCRE2_NO_JIT),
                data,
                context
            )
        }
        if result >= 0 { return .matched }
        return result == PCRE2_ERROR_NOMATCH ? .unmatched : .undecided
    }
}
