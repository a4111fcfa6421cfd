/// How a token travels in a record's opaque pointer: an odd number, which no address of a ``DeliveryTracker/Report`` is.
enum DeliveryToken {
    static func opaque(of token: UInt64) -> UnsafeMutableRawPointer? {
        precondition(token >> 63 == 0, "a token is less than 2^63")
        return unsafe UnsafeMutableRawPointer(bitPattern: UInt(token << 1 | 1))
    }

    /// `nil` when the pointer is an address.
    static func token(of opaque: UnsafeMutableRawPointer) -> UInt64? {
        let bits = UInt64(UInt(bitPattern: opaque))
        return bits & 1 == 1 ? bits >> 1 : nil
    }
}
