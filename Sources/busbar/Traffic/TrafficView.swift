internal import JSON
internal import Log
internal import Traffic

/// Shows what a contract says of a topic's records.
struct TrafficView {
    let report: TrafficReport
    /// Of the contract, as the user named it.
    let contract: String

    // MARK: JSON

    /// One object: DESIGN.md's shape of reports.
    var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("topic", report.topic.rawValue)
            writer.member("contract", contract)
            writer.member("records", report.records)
            writer.member("rejected", report.rejected)
            writer.member("tombstones", report.tombstones)
            writer.array("groups") { writer in
                for (keyword, group) in report.rankedGroups {
                    writer.object { writer in
                        writer.member("keyword", keyword)
                        Self.write(group, to: &writer)
                    }
                }
            }
            writer.object("not_json") { writer in
                Self.write(report.notJSON, to: &writer)
                writer.member("prefixed", report.looksPrefixed)
            }
            writer.object("unprefixed") { Self.write(report.unprefixed, to: &$0) }
            writer.array("schema_ids") { writer in
                for (id, records) in report.schemaIDs.sorted(by: { $0.key < $1.key }) {
                    writer.object { writer in
                        writer.member("id", id)
                        writer.member("records", records)
                    }
                }
            }
            writer.array("partitions") { writer in for part in report.parts { Self.write(part, to: &writer) } }
        }
        return writer.text
    }

    private static func write(_ group: TrafficReport.Group, to writer: inout JSONWriter) {
        writer.member("records", group.records)
        writer.member(examples: group.examples)
    }

    private static func write(_ part: TopicSample.Part, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("partition", part.partition.rawValue)
            writer.member("from", part.range.lowerBound.rawValue)
            writer.member("to", part.range.upperBound.rawValue)
            writer.member("records", part.records)
        }
    }

    // MARK: Text

    /// The summary, then what is wrong, what concerns most records first.
    func text(_ style: Style) -> String {
        var text = style.bold(report.summary(of: contract)) + "\n"
        for (keyword, group) in report.rankedGroups {
            text += block(style.red("REJECTED"), keyword.isEmpty ? "the contract" : keyword, group, style)
        }
        text += block(style.yellow("NOT JSON"), "", report.notJSON, style)
        if report.looksPrefixed > 0 {
            text +=
                "  \(counted(report.looksPrefixed, "record")) of them start with byte 0, as Confluent's serializers "
                + "write them: try --encoding confluent-json\n"
        }
        text += block(style.yellow("NO PREFIX"), "", report.unprefixed, style)
        return text
    }

    private func block(_ label: String, _ title: String, _ group: TrafficReport.Group, _ style: Style) -> String {
        guard group.records > 0 else { return "" }
        var text = "  \(label)  \(title)\(title.isEmpty ? "" : "  ")\(counted(group.records, "record"))\n"
        for example in group.examples {
            let place = "\(report.topic)/\(example.position)"
            let pointer = example.instance.isEmpty ? "" : "  \(example.instance)"
            text += "    \(style.dim(place))\(pointer)  \(example.message)\n"
        }
        let more = group.records - group.examples.count
        return more == 0 ? text : text + "    and \(more.grouped) more\n"
    }
}
