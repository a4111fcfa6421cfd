import JSON

extension ProgramTables {
    /// The index of a name among the properties of a plan, -1 when it is not there. Tries the guess first, which is one of
    /// them or the one behind the last.
    @inline(always)
    func find(_ name: UnsafeBufferPointer<UInt8>, _ plan: UnsafePointer<MemberPlan>, _ guess: Int32) -> Int32 {
        let key = unsafe TextKey(name)
        if unsafe isName(guess, key, name) { return guess }
        return unsafe probe(key, name, plan)
    }

    @inline(never)
    private func probe(
        _ key: TextKey,
        _ name: UnsafeBufferPointer<UInt8>,
        _ plan: UnsafePointer<MemberPlan>
    ) -> Int32 {
        guard unsafe plan.pointee.propertyCount > 0 else { return -1 }
        let hash = unsafe key.hash(of: name)
        let (start, mask) = unsafe (plan.pointee.firstSlot, plan.pointee.slotMask)
        var slot = Int32(bitPattern: hash) & mask
        while true {
            let index = slots[start &+ slot]
            if index < 0 { return -1 }
            if unsafe isName(index, key, name) { return index }
            slot = (slot &+ 1) & mask
        }
    }

    @inline(always)
    private func isName(_ index: Int32, _ key: TextKey, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        let property = unsafe properties.address(index)
        guard unsafe property.pointee.key == key else { return false }
        guard key.isPartial else { return true }
        return unsafe equalBytes(names.pointer(from: property.pointee.nameStart, count: key.count), name)
    }

    /// Whether a value equals one of so many neighbouring constants; strings without escapes are compared by their keys.
    @inline(always)
    func isConstant(_ value: JSONValue, from first: Int32, count: Int32) -> Bool {
        guard value.kind == .string, !value.isEscaped else {
            for offset in 0..<count where value.isEqual(to: constants[first &+ offset]) { return true }
            return false
        }
        let text = unsafe value.content
        let key = unsafe TextKey(text)
        for offset in 0..<count {
            let known = constantKeys[first &+ offset]
            if known.isNone {
                if value.isEqual(to: constants[first &+ offset]) { return true }
            } else if known == key {
                if !key.isPartial { return true }
                if unsafe equalBytes(text, constants[first &+ offset].content) { return true }
            }
        }
        return false
    }
}
