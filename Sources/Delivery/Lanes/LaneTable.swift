import Log

/// The lanes of ``KeyLanes`` and the queue of those whose head may start, as lists linked through one array.
struct LaneTable: Sendable {
    /// The records that wait for each other, oldest first.
    struct Lane: Sendable {
        var partition: TopicPartition
        /// Nil for the lane of a single record without order.
        var key: LaneKey?
        var head = nowhere
        var tail = nowhere
        /// Records of the lane that run now; more than one only in a batch of `order: partition`.
        var started = 0
        var isReady = false
        var previousReady = nowhere
        /// The next ready lane; of a retired lane, the next free one.
        var nextReady = nowhere
    }

    private var storage: [Lane] = []
    private var byKey: [LaneKey: Int] = [:]
    private var firstFree = nowhere
    private var firstReady = nowhere
    private var lastReady = nowhere

    subscript(lane: Int) -> Lane {
        get { storage[lane] }
        _modify { yield &storage[lane] }
    }

    /// The lane of `key`, made if there is nowhere; a new one when the record has no order to keep.
    mutating func lane(for partition: TopicPartition, key: LaneKey?) -> Int {
        if let key, let lane = byKey[key] { return lane }
        let lane = insert(Lane(partition: partition, key: key))
        if let key { byKey[key] = lane }
        return lane
    }

    /// Forgets a lane without records, so that memory follows the records held and not the keys ever seen.
    mutating func retire(_ lane: Int) {
        makeUnready(lane)
        if let key = storage[lane].key { byKey[key] = nil }
        storage[lane].key = nil
        storage[lane].nextReady = firstFree
        firstFree = lane
    }

    mutating func makeReady(_ lane: Int, first: Bool) {
        guard !storage[lane].isReady else { return }
        storage[lane].isReady = true
        storage[lane].previousReady = first ? nowhere : lastReady
        storage[lane].nextReady = first ? firstReady : nowhere
        link(lane)
    }

    mutating func makeUnready(_ lane: Int) {
        guard storage[lane].isReady else { return }
        let (previous, next) = (storage[lane].previousReady, storage[lane].nextReady)
        if previous == nowhere { firstReady = next } else { storage[previous].nextReady = next }
        if next == nowhere { lastReady = previous } else { storage[next].previousReady = previous }
        storage[lane].isReady = false
        storage[lane].previousReady = nowhere
        storage[lane].nextReady = nowhere
    }

    mutating func popReady() -> Int? {
        guard firstReady != nowhere else { return nil }
        let lane = firstReady
        makeUnready(lane)
        return lane
    }

    /// Makes the lane's neighbours in the ready list point to it.
    private mutating func link(_ lane: Int) {
        let (previous, next) = (storage[lane].previousReady, storage[lane].nextReady)
        if previous == nowhere { firstReady = lane } else { storage[previous].nextReady = lane }
        if next == nowhere { lastReady = lane } else { storage[next].previousReady = lane }
    }

    private mutating func insert(_ lane: Lane) -> Int {
        guard firstFree != nowhere else {
            storage.append(lane)
            return storage.count - 1
        }
        let index = firstFree
        firstFree = storage[index].nextReady
        storage[index] = lane
        return index
    }
}
