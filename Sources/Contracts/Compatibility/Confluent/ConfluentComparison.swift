/// Confluent's structural comparison.
enum ConfluentComparison {
    static func compare(old: ComparedSchema, new: ComparedSchema, isLenient: Bool) -> SchemaComparison {
        SchemaComparison(.unknown, [])
    }
}
