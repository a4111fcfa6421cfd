package import JSON
internal import Log

extension TrafficReport {
    /// `3 of 100,000 records of orders would be rejected by orders@v2`, and what else there is to know.
    package func summary(of contract: String) -> String {
        var parts = [
            "\(rejected.grouped) of \(records.grouped) records of \(topic) would be rejected by \(contract)"
        ]
        if rejectedBefore > 0 { parts.append("\(rejectedBefore.grouped) of them by the version before too") }
        if notJSON.records > 0 { parts.append("\(notJSON.records.grouped) not JSON") }
        if unprefixed.records > 0 { parts.append("\(unprefixed.records.grouped) without prefix") }
        if tombstones > 0 { parts.append("\(tombstones.grouped) tombstone\(tombstones == 1 ? "" : "s")") }
        return parts.joined(separator: "; ")
    }
}

extension TrafficReport.Example {
    /// `0@1200`, partition and offset.
    package var position: String { "\(partition)@\(offset)" }
}

extension JSONWriter {
    /// Writes the member `examples`: `[{"partition", "offset", "instance", "message"}]`.
    package mutating func member(examples: [TrafficReport.Example]) {
        array("examples") { writer in
            for example in examples {
                writer.object { writer in
                    writer.member("partition", example.partition.rawValue)
                    writer.member("offset", example.offset.rawValue)
                    writer.member("instance", example.instance)
                    writer.member("message", example.message)
                }
            }
        }
    }
}
