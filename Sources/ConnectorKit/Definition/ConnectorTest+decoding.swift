internal import Delivery
internal import Foundation
internal import Log

extension ConnectorTest {
    /// - Precondition: `fields` were decoded without errors.
    init(_ fields: Fields) {
        name = fields.string("name")
        inputs = fields.objects("input").map(Input.init)
        faults = fields.objects("faults").map(Fault.init)
        expect = Expectation(fields.object("expect"))
        location = fields.location
    }
}

extension ConnectorTest.Input {
    fileprivate init(_ fields: Fields) {
        headers = fields.stringMap("headers")
        key = fields.optionalString("key")
        times = fields.int("times")
        location = fields.location
        if let path = fields.optionalString("file") {
            payload = .file(path)
        } else if let json = fields.optionalString("json") {
            payload = .text(json)
        } else if let text = fields.optionalString("text") {
            payload = .text(text)
        } else if let base64 = fields.optionalString("base64") {
            payload = .bytes(Self.bytes(base64: base64) ?? [])
        } else {
            payload = .tombstone
        }
    }

    /// `nil` where `text` is not base64 (RFC 4648, 4); line breaks are passed over.
    static func bytes(base64 text: String) -> [UInt8]? {
        Data(base64Encoded: text.filter { !$0.isWhitespace }).map { [UInt8]($0) }
    }
}

extension ConnectorTest.Fault {
    fileprivate init(_ fields: Fields) {
        kind =
            switch fields.value("sink") {
            case .int(let status): .status(status)
            case .text(let word) where word.source == "reset": .reset
            default: .hang
            }
        times = fields.int("times")
        retryAfter = fields.optionalDuration("retry_after")
    }
}

extension ConnectorTest.Expectation {
    fileprivate init(_ fields: Fields) {
        delivered = fields.optionalInt("delivered")
        filtered = fields.optionalInt("filtered")
        duplicate = fields.optionalInt("duplicate")
        rejected = fields.optionalInt("rejected")
        deadLettered =
            switch fields.value("dead_lettered") {
            case .int(let count): .total(count)
            case .object(let reasons): .byReason(Self.counts(reasons))
            default: nil
            }
        requests = fields.objects("requests").map(ConnectorTest.Request.init)
        records = fields.objects("records").map(ConnectorTest.WrittenRecord.init)
        location = fields.location
    }

    private static func counts(_ fields: Fields) -> [DeadLetterReason: Int] {
        var counts: [DeadLetterReason: Int] = [:]
        for reason in DeadLetterReason.allCases { counts[reason] = fields.optionalInt(reason.rawValue) }
        return counts
    }
}

extension ConnectorTest.Request {
    fileprivate init(_ fields: Fields) {
        jsonContains = fields.optionalString("json_contains")
        jsonEquals = fields.optionalString("json_equals")
        bodyEquals = fields.optionalString("body_equals")
        headers = fields.stringMap("headers")
        location = fields.location
    }
}

extension ConnectorTest.WrittenRecord {
    fileprivate init(_ fields: Fields) {
        topic = fields.optionalTopic("topic")
        jsonContains = fields.optionalString("json_contains")
        jsonEquals = fields.optionalString("json_equals")
        key = fields.optionalString("key")
        headers = fields.stringMap("headers")
        location = fields.location
    }
}
