internal import Connectors
internal import JSON
internal import Log

/// Shows what `busbar offsets move` did, or would do.
struct OffsetsMoveView {
    let isDryRun: Bool

    func text(_ line: OffsetsMove.Line) -> String {
        let deleted = line.match.deletedUnread
        return "\(line.group)  \(line.partition)  \(line.committed.offset) → \(line.match.offset)  "
            + "\(counted(Int(line.match.records), "record")) to be read"
            + (deleted == 0 ? "" : ", \(deleted) deleted unread in the source")
            + (line.isThere ? "  (unchanged)" : "")
    }

    func json(_ line: OffsetsMove.Line) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("group", line.group)
            writer.member("topic", line.partition.topic.rawValue)
            writer.member("partition", Int(line.partition.partition.rawValue))
            writer.member("from", line.committed.offset.rawValue)
            writer.member("to", line.match.offset.rawValue)
            writer.member("records", line.match.records)
            writer.member("deleted_unread", line.match.deletedUnread)
            writer.member("state", line.isThere ? "unchanged" : isDryRun ? "planned" : "moved")
        }
        return writer.text
    }

    func summary(_ lines: [OffsetsMove.Line]) -> String {
        let moved = lines.count { !$0.isThere }
        let groups = Set(lines.map(\.group)).count
        let what = "\(counted(moved, "offset")) of \(counted(groups, "group"))"
        let there = lines.count - moved
        return (isDryRun ? "\(what) would be moved" : "\(what) moved")
            + (there == 0 ? "" : ", \(there) were there already")
    }
}
