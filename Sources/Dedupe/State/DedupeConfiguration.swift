/// The settings of one connector's dedupe state.
package struct DedupeConfiguration: Sendable {
    /// The journal's file. Its directory must exist.
    package var path: String
    /// What keys are made of, for example connector and key expression; another text makes the journal start anew.
    package var identity: String
    /// The cluster that the partitions are in. Offsets mean something inside one cluster only: a journal of another one is
    /// set aside and its keys are read again. `nil`: not known.
    package var cluster: String?
    /// How long a key is remembered, on the partition's own time. 1 ms to 34 years; kept to the millisecond.
    ///
    /// The topic's retention should not be shorter, or a rebuilt state knows less than one that has lived through it.
    package var window: Duration
    /// The bound on the memory of the key sets, in bytes; default 1 GiB. A key needs 27-40 bytes for 1 to 1.5 windows,
    /// and while a set grows up to two thirds more.
    package var maximumMemoryBytes: Int
    /// The bound on the journal's size, in bytes; default none. A key needs about 20 bytes for 1 to 1.5 windows.
    package var maximumDiskBytes: Int?

    package init(
        path: String,
        identity: String,
        cluster: String? = nil,
        window: Duration,
        maximumMemoryBytes: Int = 1 << 30,
        maximumDiskBytes: Int? = nil
    ) {
        self.path = path
        self.identity = identity
        self.cluster = cluster
        self.window = window
        self.maximumMemoryBytes = maximumMemoryBytes
        self.maximumDiskBytes = maximumDiskBytes
    }
}

/// The answer for one record.
package enum DedupeVerdict: Sendable, Equatable {
    /// No earlier offset inside the window carried the key, or the record has none.
    case first
    case duplicate
}
