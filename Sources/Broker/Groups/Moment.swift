/// One reading of the two clocks that coordinators need; they never read a clock themselves.
package struct Moment: Sendable, Hashable {
    /// Milliseconds of a clock that never steps back; its origin is the driver's. Deadlines are on this clock.
    package var uptime: Int64
    /// Milliseconds since 1970, which may step. Stored timestamps and expiry by age are on this clock.
    package var epoch: Int64

    /// A reading of both clocks, in milliseconds.
    package init(uptime: Int64, epoch: Int64) {
        self.uptime = uptime
        self.epoch = epoch
    }
}
