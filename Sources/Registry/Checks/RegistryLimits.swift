/// What one schema may cost.
package struct RegistryLimits: Sendable {
    /// Bytes of a schema's text, without white space, that is registered or checked; larger ones are 42209.
    package var schemaBytes: Int
    /// How long the comparisons of one schema may take together, from 1 ms on. What is not decided by then counts as not
    /// compatible, and the answer says why.
    package var checkTime: Duration
    /// Threads that compile and compare, at least 1.
    package var checkThreads: Int

    /// By default 1 MiB, which is what Kafka's brokers take as a record, ten seconds, and two threads.
    package init(schemaBytes: Int = 1 << 20, checkTime: Duration = .seconds(10), checkThreads: Int = 2) {
        self.schemaBytes = schemaBytes
        self.checkTime = checkTime
        self.checkThreads = checkThreads
    }
}
