import Foundation
import Testing

/// A page under `docs/` that is written from the code. With `BUSBAR_WRITE_DOCS=1` the test writes it; without, it compares.
struct GeneratedPage {
    let path: String
    let text: String

    static let command = "BUSBAR_WRITE_DOCS=1 scripts/test.sh --filter DeployTests"

    init(_ path: String, title: String, _ introduction: String, _ sections: [String]) {
        self.path = path
        text =
            ([
                "# \(title)", introduction,
                "<!-- Written by `\(Self.command)`; a test compares this page with the code. -->",
            ] + sections).joined(separator: "\n\n") + "\n"
    }

    func check() throws {
        if ProcessInfo.processInfo.environment["BUSBAR_WRITE_DOCS"] == "1" {
            try Data(text.utf8).write(to: Repository.root.appending(path: path))
        }
        let written = try Repository.text(path)
        let differing = zip(written.split(separator: "\n"), text.split(separator: "\n")).first { $0 != $1 }
        #expect(
            written == text,
            """
            \(path) is not what the code says; write it anew: \(Self.command)
            first difference: \(differing.map { "\($0.0)\n          in the code: \($0.1)" } ?? "one is longer")
            """
        )
    }

    /// A table in Markdown; bars inside cells are escaped.
    static func table(_ columns: [String], _ rows: [[String]]) -> String {
        let lines = [columns, columns.map { _ in "---" }] + rows
        return lines.map { row in
            "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }.joined(separator: "\n")
    }
}
