/// What a program may use for one record.
package struct ExpressionLimits: Sendable, Equatable {
    /// Processor time of the evaluating thread per record; default 100 ms, range 1 ms to 2 s. Time in which the
    /// thread does not run does not count, so a busy machine fails no record. Checked about every 5 ms.
    package var time: Duration

    /// Bytes of all results of one record as compact JSON; default 8 MiB, range 1 byte to 1 GiB.
    package var outputBytes: Int

    /// Results of one record that `Evaluator.outputs` hands out; default 1000, range 1 to 1 million.
    package var outputs: Int

    /// Arrays and objects inside each other, in the payload and in results; default 512, range 1 to 2000.
    package var depth: Int

    /// Values outside a range count as its nearest end.
    package init(
        time: Duration = .milliseconds(100),
        outputBytes: Int = 8 << 20,
        outputs: Int = 1000,
        depth: Int = 512
    ) {
        self.time = min(max(time, .milliseconds(1)), .seconds(2))
        self.outputBytes = min(max(outputBytes, 1), 1 << 30)
        self.outputs = min(max(outputs, 1), 1_000_000)
        self.depth = min(max(depth, 1), 2000)
    }

    var timeNanoseconds: UInt64 {
        let parts = time.components
        return UInt64(parts.seconds) * 1_000_000_000 + UInt64(parts.attoseconds / 1_000_000_000)
    }
}
