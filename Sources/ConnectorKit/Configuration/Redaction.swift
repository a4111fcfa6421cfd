/// Shows lines of a document without the values that must not be seen.
struct Redaction {
    private let document: ConfigDocument
    /// Values that stand on one line as they are.
    private var texts: [Int: [String]] = [:]
    /// Where values start that span lines or are written with escapes: by line, the columns.
    private var starts: [Int: [Int]] = [:]
    /// The lines that such values may go on over.
    private var covered: Set<Int> = []

    init(of document: ConfigDocument, hiding values: [ConfigLocation: String]) {
        self.document = document
        for (place, text) in values where place.file == document.file && !text.isEmpty {
            if document.line(at: place)?.contains(text) == true {
                texts[place.line, default: []].append(text)
            } else {
                starts[place.line, default: []].append(place.column)
                cover(below: place.line)
            }
        }
        for line in texts.keys { texts[line]?.sort { $0.count > $1.count } }
    }

    /// A value goes on for as long as lines are indented more than the line of its key.
    private mutating func cover(below line: Int) {
        guard document.lines.indices.contains(line - 1) else { return }
        let indent = { (line: Substring) in line.prefix { $0 == " " || $0 == "-" }.count }
        let first = indent(document.lines[line - 1])
        for index in document.lines.indices.dropFirst(line) {
            guard document.lines[index].isEmpty || indent(document.lines[index]) > first else { return }
            covered.insert(index + 1)
        }
    }

    /// The line at `location`; `nil` where there is none, it is blank, or nothing of it may be shown.
    func excerpt(at location: ConfigLocation) -> Diagnostic.Excerpt? {
        guard let line = document.line(at: location), !line.allSatisfy(\.isWhitespace),
            !covered.contains(location.line)
        else { return nil }
        let scalars = line.unicodeScalars
        let split = scalars.index(scalars.startIndex, offsetBy: location.column - 1, limitedBy: scalars.endIndex)
        var before = String(line[..<(split ?? line.endIndex)])
        var after = String(line[(split ?? line.endIndex)...])
        if let start = starts[location.line]?.min() {
            guard start >= location.column else { return nil }
            after = String(after.unicodeScalars.prefix(start - location.column)) + "***"
        }
        for text in texts[location.line] ?? [] {
            before = before.replacing(text, with: "***")
            after = after.replacing(text, with: "***")
        }
        return Diagnostic.Excerpt(line: before + after, column: before.unicodeScalars.count + 1)
    }
}
