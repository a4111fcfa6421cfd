internal import Synchronization

/// A number that threads change without a lock. Exact for whole numbers up to 2^53.
final class AtomicDouble: Sendable {
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    func add(_ amount: Double) {
        var seen = bits.load(ordering: .relaxed)
        while true {
            let next = (Double(bitPattern: seen) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(
                expected: seen,
                desired: next,
                ordering: .relaxed
            )
            if exchanged { return }
            seen = original
        }
    }
}

/// A series that only goes up. Keep the handle: getting it costs a lock and a look-up, adding costs one atomic
/// operation. Add once per batch, not once per record, where that is possible. Any thread.
package struct Counter: Sendable {
    let cell: AtomicDouble

    /// Adds `count`; negative counts are a programmer error.
    package func add(_ count: Int = 1) {
        precondition(count >= 0, "a counter only goes up")
        cell.add(Double(count))
    }

    /// Adds an amount in the metric's unit, for example seconds.
    package func add(_ amount: Double) {
        precondition(amount >= 0, "a counter only goes up")
        cell.add(amount)
    }

    /// The value now.
    package var value: Double { cell.value }
}

/// A series that goes up and down. Any thread.
package struct Gauge: Sendable {
    let cell: AtomicDouble

    /// Replaces the value.
    package func set(_ value: Double) {
        cell.set(value)
    }

    /// Replaces the value.
    package func set(_ value: Int) {
        cell.set(Double(value))
    }

    /// Changes the value by `amount`, which may be negative.
    package func add(_ amount: Int) {
        cell.add(Double(amount))
    }

    /// The value now.
    package var value: Double { cell.value }
}
