/// Immutable storage of plain values that is read without reference counting.
@safe
struct Pool<Element> {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        unsafe base = .allocate(capacity: max(count, 1))
        for (index, element) in elements.enumerated() { unsafe (base + index).initialize(to: element) }
    }

    /// Indices come from the compiler, never from an instance.
    @inline(always)
    subscript(_ index: Int32) -> Element {
        assert(index >= 0 && index < count)
        return unsafe base[Int(index)]
    }

    /// Where an element lies, for as long as the program lives: for elements of which only a part is read.
    @inline(always)
    func address(_ index: Int32) -> UnsafePointer<Element> {
        assert(index >= 0 && index < count)
        return unsafe UnsafePointer(base + Int(index))
    }

    /// The elements from an index on, for as long as the program lives.
    func pointer(from index: Int32, count: Int32) -> UnsafeBufferPointer<Element> {
        unsafe UnsafeBufferPointer(start: base + Int(index), count: Int(count))
    }

    func deallocate() {
        unsafe base.deinitialize(count: count)
        unsafe base.deallocate()
    }
}
