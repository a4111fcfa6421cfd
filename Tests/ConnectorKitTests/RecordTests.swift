import ConnectorKit
import Log
import Testing

@Suite struct RecordTests {
    @Test func aRecordOfAMessageLiesInTheLogsMemory() {
        let (storage, view) = LentMessage.make(key: [1, 2], value: [3, 4, 5], headers: [Header("a", "1")])
        let record = Record(view)
        #expect(record.withKey { $0?.baseAddress == view.key?.baseAddress && $0?.count == 2 })
        #expect(record.value.withBytes { $0?.baseAddress == view.value?.baseAddress && $0?.count == 3 })
        #expect(record.id == "in/3/7")
        #expect(record.origin == Record.Origin(TopicPartition("in", 3), 7))
        #expect(record.timestamp == Timestamp(milliseconds: 1_767_225_600_000))
        #expect(storage.headerReads == 0, "headers are read when they are asked for")
        #expect(record.headers == [Header("a", "1")])
    }

    @Test func theLogsMemoryLivesAsLongAsARecordOfIt() {
        weak var storage: LentMessage?
        var record: Record?
        do {
            let (made, view) = LentMessage.make(key: [9])
            storage = made
            record = Record(view)
            record?.value = .owned([1])
            record?.headers = []
        }
        #expect(record?.key == [9])
        #expect(storage != nil)
        record = nil
        #expect(storage == nil)
    }

    @Test func nullAndEmptyStayApart() {
        let empty = Record(LentMessage.make(key: [], value: []).view)
        let null = Record(LentMessage.make().view)
        #expect(empty.key == [] && empty.value.bytes() == [])
        #expect(null.key == nil && null.value.bytes() == nil)
        #expect(empty.withKey { $0 != nil } && null.withKey { $0 == nil })
    }

    @Test(arguments: [true, false])
    func theFirstHeaderOfANameAnswersForIt(isLent: Bool) {
        let headers = [Header("null", nil), Header("twice", "1"), Header("null", "x"), Header("twice", "2")]
        let record =
            isLent ? Record(LentMessage.make(headers: headers).view) : Record(id: "1", value: .null, headers: headers)
        #expect(record.header("twice") == "1")
        #expect(record.header("null") == nil)
        #expect(record.header("absent") == nil)
    }

    @Test(arguments: [true, false])
    func aHeaderThatIsSetReplacesAllOfItsName(isLent: Bool) {
        let headers = [Header("a", "1"), Header("b", "2"), Header("a", nil), Header("c", nil)]
        var record =
            isLent ? Record(LentMessage.make(headers: headers).view) : Record(id: "1", value: .null, headers: headers)
        let before = record
        record.setHeader("a", "new")
        record.setHeader("d", "4")
        #expect(record.headers == [Header("a", "new"), Header("b", "2"), Header("c", nil), Header("d", "4")])
        #expect(record.header("a") == "new")
        #expect(before.headers == headers)
    }

    @Test func whatIsSetIsOwnedAndTheRestStaysLent() {
        let (storage, view) = LentMessage.make(key: [1], value: [2], headers: [Header("a", "1")])
        var record = Record(view)
        record.key = [7, 7]
        record.id = "other"
        #expect(record.key == [7, 7] && record.id == "other")
        #expect(record.value.withBytes { $0?.baseAddress == view.value?.baseAddress })
        record.key = nil
        #expect(record.withKey { $0 == nil })
        #expect(storage.headerReads == 0)
        #expect(Record(view).key == [1])
    }

    @Test func aRouteWithTheRecordsKeyDoesNotCopyIt() {
        let (_, view) = LentMessage.make(key: [1, 2])
        let route = LogRoute(topic: "out", keyOf: Record(view))
        #expect(route.withKey { $0?.baseAddress == view.key?.baseAddress })
        #expect(route == LogRoute(topic: "out", key: [1, 2]))
        #expect(route.hashValue == LogRoute(topic: "out", key: [1, 2]).hashValue)
        #expect(route != LogRoute(topic: "out", key: [1, 3]))
        #expect(route != LogRoute(topic: "out", partition: 0, key: [1, 2]))
        #expect(LogRoute(topic: "out", key: []) != LogRoute(topic: "out", key: nil))
    }
}
