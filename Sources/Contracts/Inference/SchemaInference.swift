package import JSON

/// What records look like, one after the other, in bounded memory: the way from data to a contract.
///
/// Every record that was added obeys ``schema(_:)``, with formats asserted. Merging is associative and commutative: parts
/// of the data may be looked at apart and in any order, and the schema is the same, byte by byte. Only where
/// ``isNarrowed`` does the order matter for what is described; that every record obeys holds there, too.
package struct SchemaInference: Sendable, Equatable {
    /// How many records were added.
    package private(set) var records = 0
    /// Whether the records had more places than the bounds allow, so that objects were made maps.
    package private(set) var isNarrowed = false
    private(set) var bounds: InferenceBounds
    /// The member that says which kind of object a record is.
    let discriminator: String?
    /// Objects by the text of the discriminator, as UTF-8; nil when there is no discriminator, or it had too many values.
    private(set) var variants: [[UInt8]: ValueSummary]?
    /// All other records.
    private(set) var others = ValueSummary()
    /// At least as many as there are.
    private var places = 0

    /// - Parameters:
    ///   - bounds: how much it remembers.
    ///   - discriminator: a member of the records, such as `type`, whose text tells kinds of records apart that have a
    ///     schema each; nil describes all together.
    package init(_ bounds: InferenceBounds = InferenceBounds(), discriminator: String? = nil) {
        self.bounds = bounds
        self.discriminator = discriminator
        variants = discriminator == nil ? nil : [:]
    }

    /// Looks at one record.
    package mutating func add(_ record: JSONValue) {
        records += 1
        if let variant = variant(of: record) {
            places += variants?[variant, default: ValueSummary()].add(record, depth: 0, bounds) ?? 0
            joinVariants()
        } else {
            places += others.add(record, depth: 0, bounds)
        }
        if places > bounds.places { narrow() }
    }

    /// Adds what another inference has seen.
    /// - Precondition: both have the same discriminator and were made with the same bounds.
    package mutating func merge(_ other: SchemaInference) {
        precondition(discriminator == other.discriminator, "inferences with different discriminators do not merge")
        var other = other
        records += other.records
        isNarrowed = isNarrowed || other.isNarrowed
        bounds.members = min(bounds.members, other.bounds.members)
        narrowAll()
        other.bounds = bounds
        other.narrowAll()
        if let more = other.variants {
            for (variant, summary) in more { variants?[variant, default: ValueSummary()].merge(summary, bounds) }
            if variants == nil { for summary in more.values { others.merge(summary, bounds) } }
        } else {
            joinVariants(beyond: 0)
            variants = nil
        }
        others.merge(other.others, bounds)
        joinVariants()
        places = placeCount
        if places > bounds.places { narrow() }
    }

    package static func == (left: SchemaInference, right: SchemaInference) -> Bool {
        left.records == right.records && left.isNarrowed == right.isNarrowed && left.bounds == right.bounds
            && left.discriminator == right.discriminator && left.variants == right.variants
            && left.others == right.others
    }

    /// The text of the discriminator; nil where the record is none of its objects or has it more than once.
    private func variant(of record: JSONValue) -> [UInt8]? {
        guard let discriminator, variants != nil, let value = record[discriminator], value.kind == .string,
            record.firstDuplicateKey == nil
        else { return nil }
        var text: [UInt8] = []
        value.appendString(to: &text)
        return text.count <= bounds.textBytes ? text : nil
    }

    private mutating func joinVariants() { joinVariants(beyond: bounds.variants) }

    /// Describes all records together when there are more variants than `limit`.
    private mutating func joinVariants(beyond limit: Int) {
        guard let all = variants, all.count > limit else { return }
        for summary in all.values { others.merge(summary, bounds) }
        variants = nil
    }

    /// How many places of the records are described apart; takes time in their number.
    package var placeCount: Int {
        (variants ?? [:]).values.reduce(others.places) { $0 + $1.places }
    }

    /// Makes maps of ever smaller objects until the places are few enough.
    private mutating func narrow() {
        places = placeCount
        while places > bounds.places, bounds.members > 0 {
            isNarrowed = true
            bounds.members /= 2
            narrowAll()
            places = placeCount
        }
    }

    private mutating func narrowAll() {
        others.narrow(to: bounds)
        for variant in (variants ?? [:]).keys { variants?[variant]?.narrow(to: bounds) }
    }
}
