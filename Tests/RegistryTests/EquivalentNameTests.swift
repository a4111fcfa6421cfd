import Contracts
import JSON
import Testing

@testable import Registry

/// To Swift's `String` the texts here are equal; to clients, to the keys of records and to GUIDs they are not.
@Suite struct EquivalentNameTests {
    private static let texts = ["\u{E9}", "e\u{301}"]

    private static func schema(_ index: Int) -> RegisteredSchema {
        RegisteredSchema(text: "{\"const\":\"\(texts[index])\"}")
    }

    @Test func subjectsAndContextsAreTwo() throws {
        var catalogue = SchemaCatalogue()
        let subjects = Self.texts.map { QualifiedSubject(name: $0) } + Self.texts.map { QualifiedSubject(":.\($0):s") }
        for (index, subject) in subjects.enumerated() {
            let stored = StoredVersion(version: 1, id: Int32(index % 2 + 1), schema: Self.schema(index % 2))
            catalogue.apply(stored.record(of: subject))
        }
        #expect(catalogue.subjects.count == 4)
        #expect(catalogue.contextNames.count == 3)
        for (index, subject) in subjects.enumerated() {
            #expect(catalogue.subjects[subject]?.first?.id == Int32(index % 2 + 1))
            #expect(catalogue.contexts[JSONName(subject.context)]?.isEmpty == false)
        }
        #expect(Set(subjects.sorted()).count == 4)
        catalogue.apply(RegistryRecord(.schema(subjects[0], version: 1), nil))
        #expect(catalogue.subjects[subjects[0]] == nil)
        #expect(catalogue.subjects[subjects[1]] != nil)
    }

    @Test func schemasAreTwo() throws {
        let schemas = [Self.schema(0), Self.schema(1)]
        #expect(!schemas[0].hasText(of: schemas[1]))
        let references = Self.texts.map { RegisteredReference(name: $0, subject: "s", version: 1) }
        #expect(Set(references).count == 2)
        #expect(RegisteredSchema(text: "{}", references: references).normalized.references.count == 2)
        // What is remembered of one is not what is said of the other.
        let checks = SchemaChecks(RegistryLimits())
        let sources = schemas.map { SchemaChecks.Source(text: $0.text) }
        #expect(Set(sources).count == 2)
        for (source, schema) in zip(sources, schemas) {
            #expect(
                String(decoding: try checks.compile(source).bytes, as: UTF8.self).utf8.elementsEqual(schema.text.utf8)
            )
        }
        let documents = Self.texts.map { SchemaChecks.Source(text: "{}", documents: ["d": $0]) }
        #expect(Set(documents).count == 2)
    }
}
