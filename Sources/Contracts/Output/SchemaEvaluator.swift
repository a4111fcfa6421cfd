package import JSON

/// Evaluates instances keyword by keyword as the specification describes it, and says everything: for people and
/// their tools, not for the hot path.
///
/// It reads the schema itself and not the compiled program, so that each is a check on the other. Not `Sendable`;
/// one evaluator serves one task. It recurses as deep as schemas are applied inside each other, up to `maxDepth`.
package final class SchemaEvaluator {
    /// Why an evaluation ends early.
    enum Stop: Error {
        case contract(ContractError)
        /// A bound was hit; the text says which.
        case limit(String)
    }

    /// Where evaluation is.
    struct Place {
        var keyword: String
        var instance: String
    }

    /// What a schema made of a value.
    struct Applied {
        var isValid = true
        var units: [OutputUnit] = []
        /// Which members or elements were evaluated, by their number.
        var marks: [Bool] = []
    }

    /// Schemas applied inside each other: bounds the machine stack.
    static let maxDepth = 400
    /// Schemas applied for one instance: bounds time and what is kept.
    static let maxApplications = 50_000
    /// Bytes and names compared for one instance, and a few for each match of a pattern: bounds time.
    static let maxComparisons = 50_000_000
    /// Bytes of all locations, which are as long as all the names above them.
    static let maxLocationBytes = 64 << 20

    var library: SchemaLibrary
    /// Whether `format` asserts in every dialect.
    let formats: FormatHandling
    /// Schema resources that evaluation has entered, outermost first.
    private var scope: [Int] = []
    private let contract: Contract
    private let root: Int
    private let matcher = PatternMatcher()
    private var patterns: [JSONName: Pattern] = [:]
    private var depth = 0
    private var applications = 0
    private var locationBytes = 0
    private var comparisons = 0

    init(_ contract: Contract, _ json: JSON, uri: String, library: SchemaLibrary, formats: FormatHandling)
        throws(ContractError)
    {
        self.contract = contract
        self.formats = formats
        var library = library
        root = try library.add(json, uri: SchemaURI(uri).withoutFragment)
        self.library = library
    }

    /// Evaluates one instance.
    ///
    /// The verdict is that of `Contract.isValid`. Where a bound on the work is hit the unit has the verdict and says
    /// that there is no more to say; its `details` are empty then.
    /// - Throws: `unresolvedReference` when a document that the schema refers to is no longer there.
    package func evaluate(_ value: JSONValue, using scratch: ValidationScratch) throws(ContractError) -> OutputUnit {
        depth = 0
        applications = 0
        locationBytes = 0
        comparisons = 0
        scope.removeAll(keepingCapacity: true)
        let place = Place(keyword: "", instance: "")
        var unit = self.unit(of: library.entries[root], nil, place, isValid: true)
        do throws(Stop) {
            let applied = try apply(root, value, place)
            unit.isValid = applied.isValid
            unit.details = applied.units
        } catch {
            switch error {
            case .contract(let error): throw error
            case .limit(let reason):
                unit.isValid = contract.isValid(value, using: scratch)
                unit.error = unit.isValid ? nil : "the document does not obey the contract; \(reason)"
            }
        }
        return unit
    }

    /// Applies a schema to a value.
    func apply(_ number: Int, _ value: JSONValue, _ place: Place) throws(Stop) -> Applied {
        applications += 1
        guard depth < Self.maxDepth else {
            throw .limit("it is nested deeper than \(Self.maxDepth) schemas, so there are no details")
        }
        guard applications <= Self.maxApplications else {
            throw .limit("it needs more than \(Self.maxApplications) checks, so there are no details")
        }
        guard locationBytes <= Self.maxLocationBytes else {
            throw .limit("the places have more than \(Self.maxLocationBytes >> 20) MiB, so there are no details")
        }
        depth += 1
        let entry = library.entries[number]
        let isScope = scope.last != entry.resource
        if isScope { scope.append(entry.resource) }
        defer {
            depth -= 1
            if isScope { scope.removeLast() }
        }
        var reading = SchemaReading(evaluator: self, entry: entry, value: value, place: place)
        try reading.read()
        return reading.result
    }

    /// A unit for a keyword of a schema, or for the schema itself.
    func unit(of entry: SchemaLibrary.Entry, _ keyword: String?, _ place: Place, isValid: Bool) -> OutputUnit {
        var pointer = String(entry.pointer.dropFirst(library.entries[entry.resource].pointer.count))
        if let keyword { pointer = appending(keyword, to: pointer) }
        let base = entry.base.withoutFragment
        let isAbsolute = entry.base.scheme != nil
        locationBytes += place.keyword.utf8.count + place.instance.utf8.count + pointer.utf8.count + base.utf8.count
        return OutputUnit(
            isValid: isValid,
            keywordLocation: keyword.map { appending($0, to: place.keyword) } ?? place.keyword,
            absoluteKeywordLocation: isAbsolute ? base + "#" + PercentEncoding.fragment(pointer) : nil,
            instanceLocation: place.instance
        )
    }

    // MARK: What keywords ask

    func target(_ reference: String, _ keyword: String, from entry: SchemaLibrary.Entry) throws(Stop) -> Int {
        do throws(ContractError) {
            let target = try library.resolve(reference, from: entry, keyword: keyword)
            let schema = library.entries[target.entry].json
            switch keyword {
            case "$recursiveRef" where schema["$recursiveAnchor"]?.boolValue == true:
                return dynamicTarget(SchemaLibrary.recursiveAnchor) ?? target.entry
            case "$dynamicRef":
                guard let anchor = target.anchor, schema["$dynamicAnchor"]?.string == anchor else {
                    return target.entry
                }
                return dynamicTarget(anchor) ?? target.entry
            default: return target.entry
            }
        } catch {
            throw .contract(error)
        }
    }

    /// 2020-12 core, section 8.2.3.2: the outermost schema resource of the dynamic scope that has the anchor.
    private func dynamicTarget(_ anchor: String) -> Int? {
        let anchored = library.dynamicAnchors[JSONName(anchor)] ?? []
        for resource in scope {
            if let found = anchored.first(where: { library.entries[$0].resource == resource }) { return found }
        }
        return nil
    }

    /// Counts work that is not the application of a schema.
    func spend(_ count: Int) throws(Stop) {
        comparisons += count
        guard comparisons <= Self.maxComparisons else {
            throw .limit("it needs more than \(Self.maxComparisons) comparisons, so there are no details")
        }
    }

    func matches(_ source: String, _ text: [UInt8]) throws(Stop) -> Bool {
        try spend(16 + text.count)
        let pattern = try pattern(source)
        let outcome = unsafe text.withUnsafeBufferPointer { unsafe matcher.match(pattern.code, $0) }
        guard outcome != .undecided else {
            throw .limit("a pattern needs too many steps for a text of it, so there are no details")
        }
        return outcome == .matched
    }

    private func pattern(_ source: String) throws(Stop) -> Pattern {
        if let known = patterns[JSONName(source)] { return known }
        do throws(ContractError) {
            let pattern = try Pattern(source)
            patterns[JSONName(source)] = pattern
            return pattern
        } catch {
            throw .contract(error)
        }
    }
}
