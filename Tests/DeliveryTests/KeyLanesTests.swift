import Delivery
import Log
import Testing

@Suite struct KeyLanesTests {
    private let partition = TopicPartition("orders", 0)

    private func lanes(_ order: Order, inFlight: Int = 10, capacity: Int = 100) -> KeyLanes<Int> {
        KeyLanes(order: order, inFlight: inFlight, capacity: capacity, pauseAt: capacity)
    }

    private func startAll(_ lanes: inout KeyLanes<Int>) -> [KeyLanes<Int>.Start] {
        var all: [KeyLanes<Int>.Start] = []
        while let start = lanes.start() { all.append(start) }
        return all
    }

    private func started(_ lanes: inout KeyLanes<Int>) throws -> KeyLanes<Int>.Start {
        let start = lanes.start()
        return try #require(start)
    }

    @Test func recordsOfOneKeyStartOneAfterAnother() throws {
        var lanes = lanes(.key)
        for (element, key) in [(1, 7), (2, 7), (3, 8)] as [(Int, UInt64)] {
            _ = lanes.admit(element, from: partition, keyHash: key)
        }
        let first = startAll(&lanes)
        #expect(first.map(\.element) == [1, 3])
        lanes.finish(first[0].ticket)
        #expect(startAll(&lanes).map(\.element) == [2])
    }

    @Test func recordsWithoutAKeyAreFreeUnderKeyAndBoundUnderPartition() {
        for (order, expected) in [(Order.key, [1, 2]), (.partition, [1]), (.none, [1, 2])] {
            var lanes = lanes(order)
            _ = lanes.admit(1, from: partition, keyHash: nil)
            _ = lanes.admit(2, from: partition, keyHash: nil)
            #expect(startAll(&lanes).map(\.element) == expected, "order \(order)")
        }
    }

    @Test func theSameKeyInTwoPartitionsIsTwoLanes() {
        var lanes = lanes(.key)
        _ = lanes.admit(1, from: partition, keyHash: 7)
        _ = lanes.admit(2, from: TopicPartition("orders", 1), keyHash: 7)
        #expect(startAll(&lanes).map(\.element) == [1, 2])
    }

    @Test func aHeldRecordHoldsBackItsFollowersAndNobodyElse() throws {
        var lanes = lanes(.key)
        for (element, key) in [(1, 7), (2, 7), (3, 8)] as [(Int, UInt64)] {
            _ = lanes.admit(element, from: partition, keyHash: key)
        }
        let started = startAll(&lanes)
        let was1 = lanes.hold(started[0].ticket)
        #expect(was1)
        #expect(lanes.held == 1)
        let next5 = lanes.start()
        #expect(next5 == nil)
        lanes.finish(started[1].ticket)
        _ = lanes.admit(4, from: partition, keyHash: 9)
        let was2 = lanes.release(started[0].ticket)
        #expect(was2)
        let next1 = lanes.start()
        #expect(next1?.element == 1, "a due retry goes first")
        let next2 = lanes.start()
        #expect(next2?.element == 4)
        lanes.finish(started[0].ticket)
        let next3 = lanes.start()
        #expect(next3?.element == 2)
    }

    @Test func noMoreThanInFlightStart() throws {
        var lanes = lanes(.none, inFlight: 2)
        for element in 1...3 { _ = lanes.admit(element, from: partition, keyHash: nil) }
        let started = startAll(&lanes)
        #expect(started.map(\.element) == [1, 2])
        lanes.hold(started[0].ticket)
        #expect(startAll(&lanes).map(\.element) == [3], "a record that waits for a retry takes no place")
    }

    @Test func pausesAtTheHighWatermarkAndResumesAtFourFifths() throws {
        var lanes = KeyLanes<Int>(order: .none, inFlight: 20, capacity: 12, pauseAt: 10)
        var flows: [FlowChange] = []
        for element in 1...12 {
            guard case .admitted(_, let flow) = lanes.admit(element, from: partition, keyHash: nil) else { continue }
            flows.append(flow)
        }
        #expect(flows == Array(repeating: .unchanged, count: 9) + [.pause, .unchanged, .unchanged])
        #expect(lanes.admit(13, from: partition, keyHash: nil) == .refused)
        let finished = startAll(&lanes).compactMap { lanes.finish($0.ticket) }
        let quiet = FlowChange.unchanged
        #expect(finished == [quiet, quiet, quiet, .resume] + Array(repeating: quiet, count: 8))
    }

    @Test func aBatchHoldsConsecutiveRecordsOfAPartition() throws {
        var lanes = lanes(.partition)
        for element in 1...5 { _ = lanes.admit(element, from: partition, keyHash: nil) }
        let batch = lanes.startBatch(limit: 3)
        #expect(batch.map(\.element) == [1, 2, 3])
        let batch8 = lanes.startBatch(limit: 3)
        #expect(batch8.isEmpty)
        lanes.finish(batch[0].ticket)
        lanes.hold(batch[1].ticket)
        lanes.finish(batch[2].ticket)
        let next6 = lanes.start()
        #expect(next6 == nil, "4 waits behind 2")
        lanes.release(batch[1].ticket)
        let batch9 = lanes.startBatch(limit: 9)
        #expect(batch9.map(\.element) == [2, 4, 5])
    }

    @Test func aBatchHoldsHeadsOfDistinctKeys() {
        var lanes = lanes(.key)
        for (element, key) in [(1, 7), (2, 7), (3, 8), (4, 9)] as [(Int, UInt64)] {
            _ = lanes.admit(element, from: partition, keyHash: key)
        }
        let batch10 = lanes.startBatch(limit: 10)
        #expect(batch10.map(\.element) == [1, 3, 4])
    }

    @Test func droppingAPartitionLeavesStartedRecordsAndOtherPartitions() throws {
        let other = TopicPartition("orders", 1)
        var lanes = lanes(.key)
        for element in 1...3 { _ = lanes.admit(element, from: partition, keyHash: 7) }
        _ = lanes.admit(4, from: other, keyHash: 7)
        let first = try started(&lanes)
        let dropped = lanes.drop(partition: partition)
        #expect(dropped.elements == [2, 3])
        #expect(lanes.count == 2)
        let next4 = lanes.start()
        #expect(next4?.element == 4)
        let flow1 = lanes.finish(first.ticket)
        #expect(flow1 != nil)
        let next7 = lanes.start()
        #expect(next7 == nil)
    }

    @Test func aStaleTicketChangesNothing() throws {
        var lanes = lanes(.key)
        _ = lanes.admit(1, from: partition, keyHash: 7)
        let first = try started(&lanes)
        let was3 = lanes.release(first.ticket)
        #expect(!was3)
        let flow2 = lanes.finish(first.ticket)
        #expect(flow2 != nil)
        _ = lanes.admit(2, from: partition, keyHash: 7)
        _ = lanes.start()
        let flow3 = lanes.finish(first.ticket)
        #expect(flow3 == nil)
        let was4 = lanes.hold(first.ticket)
        #expect(!was4)
        #expect(lanes.started == 1)
    }
}
