import Log
import Testing

@testable import Dedupe

@Suite struct RowChainTests {
    private let window: DedupeWindow

    init() throws {
        window = try DedupeWindow(.milliseconds(100))
    }

    private func row(_ range: Range<Int64>, before: Int64 = 1000, latest: Int64 = 1000) -> RowHeader {
        RowHeader(first: Offset(range.lowerBound), next: Offset(range.upperBound), before: before, latest: latest)
    }

    /// The ranges in use, or `nil`.
    private func choose(_ rows: [RowHeader], damaged: Set<Offset> = [], committed: Offset) -> [Range<Int64>]? {
        RowChain.choose(from: rows, damaged: damaged, committed: committed, window: window)?
            .links.map { $0.header.first.rawValue..<$0.end.rawValue }
    }

    private let beginning = DedupeWindow.beginning

    @Test func rowsThatTouchAreUsed() {
        #expect(choose([row(0..<10, before: beginning), row(10..<20)], committed: 20) == [0..<10, 10..<20])
    }

    @Test func rowsBeyondTheCommittedOffsetAreCut() {
        let rows = [row(0..<10, before: beginning), row(10..<20), row(20..<30)]
        #expect(choose(rows, committed: 15) == [0..<10, 10..<15])
        #expect(choose(rows, committed: 10) == [0..<10])
        #expect(choose(rows, committed: 0) == nil)
    }

    @Test func aGapEndsTheChain() {
        let rows = [row(0..<10, before: beginning), row(12..<20)]
        #expect(choose(rows, committed: 20) == [0..<10])
    }

    @Test func afterAGapRowsCountOnceEverythingBeforeHasLeftTheWindow() {
        let rows = [row(0..<10, before: beginning), row(12..<20, before: 1000, latest: 1099)]
        #expect(choose(rows, committed: 20) == [0..<10])
        let later = [row(0..<10, before: beginning), row(12..<20, before: 1000, latest: 1100)]
        #expect(choose(later, committed: 20) == [12..<20])
        #expect(choose(later, committed: 19) == [0..<10], "what a cut row proves is only what lies before it")
    }

    @Test func aDamagedRowIsAGap() {
        let rows = [row(0..<10, before: beginning), row(10..<20), row(20..<30)]
        #expect(choose(rows, damaged: [10], committed: 30) == [0..<10])
        #expect(choose(rows, damaged: [0], committed: 30) == nil)
        let backwards = RowHeader(first: 9, next: 5, before: 1000, latest: 1000)
        #expect(choose([row(0..<10, before: beginning), backwards], committed: 30) == [0..<9])
    }

    @Test func rowsThatBeginTooLateAreOfNoUse() {
        #expect(choose([row(50..<60, before: 990, latest: 1050)], committed: 60) == nil)
    }

    @Test func aLaterRowOverridesTheTailOfAnEarlierOne() {
        let rows = [row(0..<10, before: beginning), row(7..<20)]
        #expect(choose(rows, committed: 20) == [0..<7, 7..<20])
    }
}
