internal import ConnectorKit
internal import JSON
internal import Log

extension ConnectorTest.Request {
    /// In what `request` is not what was expected.
    func differences(from request: ObservedRequest) -> [String] {
        var differences = BodyExpectation(self).differences(from: request.body, isLines: request.isLines)
        if let bodyEquals, !bodyEquals.utf8.elementsEqual(request.body) {
            differences.append("the body: expected \(quoted(bodyEquals)), got \(quoted(request.body))")
        }
        for header in headers {
            let actual = request.headers.first { $0.name.lowercased() == header.key.lowercased() }?.value
            if actual != header.value {
                differences.append("header \(header.key): expected \(quoted(header.value)), got \(quoted(actual))")
            }
        }
        return differences
    }
}

extension ConnectorTest.WrittenRecord {
    /// In what `record` is not what was expected.
    func differences(from record: ObservedRecord) -> [String] {
        var differences: [String] = []
        if let topic, topic != record.topic {
            differences.append("topic: expected \(topic), got \(record.topic?.rawValue ?? "a target outside the log")")
        }
        if let key, Array(key.utf8) != record.key {
            differences.append("key: expected \(quoted(key)), got \(quoted(record.key))")
        }
        differences += BodyExpectation(self).differences(from: record.value, isLines: false)
        for header in headers {
            let actual = record.header(header.key)
            if actual != header.value {
                differences.append("header \(header.key): expected \(quoted(header.value)), got \(quoted(actual))")
            }
        }
        return differences
    }
}

/// The JSON that a body or value must hold.
private struct BodyExpectation {
    let contains: String?
    let equals: String?

    init(_ request: ConnectorTest.Request) {
        contains = request.jsonContains
        equals = request.jsonEquals
    }

    init(_ record: ConnectorTest.WrittenRecord) {
        contains = record.jsonContains
        equals = record.jsonEquals
    }

    /// In what `body` is not what was expected. Of NDJSON (`isLines`), one line must be.
    func differences(from body: [UInt8]?, isLines: Bool) -> [String] {
        guard contains != nil || equals != nil else { return [] }
        guard let body else { return ["the value: expected JSON, got a tombstone"] }
        let documents = isLines ? body.split(separator: UInt8(ascii: "\n")).map { [UInt8]($0) } : [body]
        let candidates = documents.map { differences(in: $0) }
        return candidates.min { $0.count < $1.count } ?? ["the body: expected JSON, got nothing"]
    }

    private func differences(in document: [UInt8]) -> [String] {
        do throws(JSONError) {
            let actual = try JSON(parsing: document)
            var differences: [JSONDifference] = []
            if let contains {
                let expected = try JSON(parsing: contains)
                differences += JSONComparison(allowsMore: true).differences(expected: expected, actual: actual)
            }
            if let equals {
                let expected = try JSON(parsing: equals)
                differences += JSONComparison(allowsMore: false).differences(expected: expected, actual: actual)
            }
            return differences.map(\.description)
        } catch {
            return ["the body: expected JSON, got \(quoted(document))"]
        }
    }
}

extension ObservedRequest {
    fileprivate var isLines: Bool {
        headers.contains { $0.name.lowercased() == "content-type" && $0.value == "application/x-ndjson" }
    }
}

private func quoted(_ text: String?) -> String {
    guard let text else { return "nothing" }
    let short = text.count > 120 ? text.prefix(120) + "…" : text[...]
    return JSON.string(String(short)).description
}

private func quoted(_ bytes: [UInt8]?) -> String {
    guard let bytes else { return "nothing" }
    guard let text = String(validating: bytes, as: UTF8.self) else { return "\(bytes.count) bytes that are not UTF-8" }
    return quoted(text)
}
