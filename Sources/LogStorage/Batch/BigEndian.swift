extension UnsafeRawBufferPointer {
    /// A big-endian integer at `position`; the caller has checked that it lies inside.
    func integer<Value: FixedWidthInteger>(at position: Int, as type: Value.Type = Value.self) -> Value {
        precondition(position >= 0 && position + MemoryLayout<Value>.size <= count)
        return unsafe Value(bigEndian: loadUnaligned(fromByteOffset: position, as: Value.self))
    }
}

extension [UInt8] {
    func integer<Value: FixedWidthInteger>(at position: Int, as type: Value.Type = Value.self) -> Value {
        unsafe withUnsafeBytes { unsafe $0.integer(at: position) }
    }

    mutating func appendBigEndian<Value: FixedWidthInteger>(_ value: Value) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }

    mutating func storeBigEndian<Value: FixedWidthInteger>(_ value: Value, at position: Int) {
        precondition(position >= 0 && position + MemoryLayout<Value>.size <= count)
        unsafe withUnsafeMutableBytes { bytes in
            unsafe bytes.storeBytes(of: value.bigEndian, toByteOffset: position, as: Value.self)
        }
    }
}
