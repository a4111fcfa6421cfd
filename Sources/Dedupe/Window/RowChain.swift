internal import Log

/// The rows that a partition's state can be restored from: one unbroken stretch of the log, whose beginning is old
/// enough that nothing before it is remembered any more.
struct RowChain: Equatable {
    struct Link: Equatable {
        let header: RowHeader
        /// Entries at or after this offset do not count: the row is cut here.
        let end: Offset
    }

    let links: [Link]

    var first: Offset { links[0].header.first }
    var end: Offset { links[links.count - 1].end }
    /// Log time before the first row.
    var before: Int64 { links[0].header.before }

    /// Chooses among the rows of a partition.
    ///
    /// A row ends where the next one begins, if they overlap (the later one was written later: an earlier assignment cut
    /// the log there), and at the committed offset. Rows that touch form a run; damaged rows break it. Usable is a run
    /// before whose beginning everything has left the window, judged by the log time that the run itself proves. The
    /// latest usable run wins; without one the whole window has to be read from the topic.
    ///
    /// ```
    ///   rows     [0,10) [10,20)          [35,50) [50,60)        committed = 55
    ///   runs     └─── usable ──┘         └ usable only if log time before 35 is out of the window ┘
    ///   else     use [0,20) and re-read 20..<55; or, with no usable run, re-read everything in the window
    /// ```
    ///
    /// `rows` come in ascending order of `first`; `damaged` holds the first offsets of those that proved to be damaged.
    static func choose(
        from rows: [RowHeader],
        damaged: Set<Offset>,
        committed: Offset,
        window: DedupeWindow
    ) -> RowChain? {
        var runs: [[Link]] = []
        var continues = false
        for (index, row) in rows.enumerated() where row.first < committed {
            guard !damaged.contains(row.first), row.first < row.next else {
                continues = false
                continue
            }
            let following = index + 1 < rows.count ? rows[index + 1].first : row.next
            let link = Link(header: row, end: min(row.next, following, committed))
            if continues, let end = runs.last?.last?.end, end == row.first {
                runs[runs.count - 1].append(link)
            } else {
                runs.append([link])
            }
            continues = true
        }
        return runs.last { isUsable($0, window: window) }.map(RowChain.init(links:))
    }

    private static func isUsable(_ run: [Link], window: DedupeWindow) -> Bool {
        guard let first = run.first, let last = run.last else { return false }
        guard first.header.before != DedupeWindow.beginning else { return true }
        // Log time at the cut of a row is not known from its header; what lies before the row is.
        let proven = last.end < last.header.next ? last.header.before : last.header.latest
        return !window.isLive(first.header.before, at: proven)
    }
}
