internal import CJQ

/// Text between libjq and Swift. jv strings are UTF-8 with a length; NUL is a character like any other.
enum JQString {
    /// Copies a string value's text; does not take ownership.
    static func text(of value: jv) -> String {
        let bytes = unsafe UnsafeRawBufferPointer(
            start: jv_string_value(value),
            count: Int(jv_string_length_bytes(jv_copy(value)))
        )
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    /// A new string value, the caller's to free.
    static func value(_ text: String) -> jv {
        var text = text
        return text.withUTF8 { unsafe value(UnsafeRawBufferPointer($0)) }
    }

    /// A new string value from valid UTF-8. An array with no address is the empty string.
    static func value(_ bytes: UnsafeRawBufferPointer) -> jv {
        guard let start = bytes.baseAddress, unsafe !bytes.isEmpty else { return unsafe jv_string_empty(0) }
        return unsafe jv_string_sized(start.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count))
    }
}
