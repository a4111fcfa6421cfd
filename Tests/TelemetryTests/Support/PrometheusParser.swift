/// A strict reader of the Prometheus text format 0.0.4, written from prometheus.io, "Exposition formats". It refuses
/// what scrapers merely tolerate: samples without HELP and TYPE, families that come twice, unsorted buckets.
struct PrometheusParser {
    struct Sample: Equatable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Failure: Error {
        var line: Int
        var what: String
    }

    private(set) var samples: [Sample] = []
    private(set) var types: [String: String] = [:]
    private(set) var help: [String: String] = [:]
    private var current = ""
    private var seen: Set<String> = []
    private var line = 0

    init(_ text: String) throws(Failure) {
        guard text.isEmpty || text.hasSuffix("\n") else { throw Failure(line: 0, what: "no line feed at the end") }
        for row in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            line += 1
            if row.hasPrefix("# ") { try header(row) } else { try sample(row) }
        }
        try checkHistograms()
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    private mutating func header(_ row: Substring) throws(Failure) {
        let parts = row.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4 else { throw Failure(line: line, what: "short header") }
        let name = parts[2]
        if parts[1] == "HELP" {
            guard help[name] == nil else { throw Failure(line: line, what: "HELP twice") }
            help[name] = parts[3]
            current = name
        } else {
            guard parts[1] == "TYPE", types[name] == nil, name == current else {
                throw Failure(line: line, what: "TYPE without its HELP, or twice")
            }
            types[name] = parts[3]
        }
    }

    private mutating func sample(_ row: Substring) throws(Failure) {
        var rest = row
        let name = String(rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        rest = rest.dropFirst(name.count)
        let labels = rest.first == "{" ? try self.labels(&rest) : [:]
        guard rest.first == " ", let value = number(rest.dropFirst()) else {
            throw Failure(line: line, what: "no value in \(row)")
        }
        let suffixes = types[current] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard !current.isEmpty, suffixes.contains(where: { current + $0 == name }) else {
            throw Failure(line: line, what: "\(name) in the family \(current)")
        }
        guard seen.insert("\(name) \(labels.sorted { $0.key < $1.key })").inserted else {
            throw Failure(line: line, what: "\(name) twice")
        }
        samples.append(Sample(name: name, labels: labels, value: value))
    }

    private func labels(_ rest: inout Substring) throws(Failure) -> [String: String] {
        var labels: [String: String] = [:]
        repeat {
            rest = rest.dropFirst()
            let name = String(rest.prefix { $0 != "=" })
            rest = rest.dropFirst(name.count)
            guard rest.hasPrefix("=\""), labels[name] == nil else { throw Failure(line: line, what: "label \(name)") }
            rest = rest.dropFirst(2)
            labels[name] = try quoted(&rest)
        } while rest.first == ","
        guard rest.first == "}" else { throw Failure(line: line, what: "labels do not end") }
        rest = rest.dropFirst()
        return labels
    }

    /// Reads up to and with the closing quote.
    private func quoted(_ rest: inout Substring) throws(Failure) -> String {
        var value = ""
        while let character = rest.popFirst() {
            if character == "\"" { return value }
            guard character == "\\" else {
                value.append(character)
                continue
            }
            switch rest.popFirst() {
            case "\\": value.append("\\")
            case "\"": value.append("\"")
            case "n": value.append("\n")
            default: throw Failure(line: line, what: "unknown escape")
            }
        }
        throw Failure(line: line, what: "label value does not end")
    }

    private func number(_ text: Substring) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.allSatisfy { "0123456789+-.e".contains($0) } ? Double(text) : nil
        }
    }

    private func checkHistograms() throws(Failure) {
        for (name, type) in types where type == "histogram" {
            for count in samples where count.name == "\(name)_count" {
                let buckets = samples.filter { sample in
                    var labels = sample.labels
                    labels["le"] = nil
                    return sample.name == "\(name)_bucket" && labels == count.labels
                }
                let bounds = buckets.compactMap { $0.labels["le"].flatMap { number($0[...]) } }
                let values = buckets.map(\.value)
                guard bounds.count == buckets.count, bounds == bounds.sorted(), bounds.last == .infinity,
                    values == values.sorted(), values.last == count.value,
                    value("\(name)_sum", count.labels) != nil
                else { throw Failure(line: 0, what: "histogram \(name)") }
            }
        }
    }
}
