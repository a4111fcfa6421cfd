import Testing

@testable import SchemaCheck

@Suite struct TopicSubjectTests {
    private static let schema = "true"

    private func find(
        _ files: [String: String],
        given: String? = nil,
        connectors: [ConnectorUse] = []
    ) throws(CheckError) -> String {
        try TopicSubject.find(
            of: "orders",
            in: [("schemas", CheckInput.tree(files))],
            given: given,
            connectors: connectors
        ).name
    }

    private static func topics(_ topics: String) -> String { CheckInput.owner + "topics: [\(topics)]\n" }

    private static func reader(_ contract: String?, of topic: String = "orders") -> ConnectorUse {
        ConnectorUse(name: "c", file: "c.yaml", contract: contract, hasContract: true, inputs: [topic])
    }

    @Test func theDescriptionDecidesBeforeConnectorsAndNames() throws {
        let files = [
            "orders/v1.json": Self.schema, "shop/v1.json": Self.schema, "shop/subject.yaml": Self.topics("a, orders"),
            "read/v1.json": Self.schema,
        ]
        #expect(try find(files, connectors: [Self.reader("read")]) == "shop")
    }

    @Test func aConnectorThatReadsTheTopicDecidesBeforeNames() throws {
        let files = ["orders/v1.json": Self.schema, "read/v1.json": Self.schema]
        #expect(try find(files, connectors: [Self.reader("read")]) == "read")
        // Of another topic, or of a version that stays as it is.
        let others = [Self.reader("read", of: "b"), Self.reader(nil)]
        #expect(try find(files, connectors: others) == "orders")
    }

    @Test(arguments: ["orders", "orders-value"]) func theNameIsTheLastThatDecides(_ name: String) throws {
        #expect(try find(["\(name)/v1.json": Self.schema, "other/v1.json": Self.schema]) == name)
    }

    @Test func whatTheCommandNamesDecidesBeforeAll() throws {
        let files = [
            "a/v1.json": Self.schema, "orders/v1.json": Self.schema, "orders/subject.yaml": Self.topics("orders"),
        ]
        #expect(try find(files, given: "a") == "a")
        #expect(throws: CheckError(.unknownSubject, "--subject: there is no subject 'b' in schemas")) {
            try find(files, given: "b")
        }
    }

    @Test func severalAreAnErrorThatNamesThem() {
        let files = [
            "b/v1.json": Self.schema, "b/subject.yaml": Self.topics("orders"), "a/v1.json": Self.schema,
            "a/subject.yaml": Self.topics("orders"),
        ]
        #expect(
            throws: CheckError(
                .unknownSubject,
                "the records of orders may obey any of schemas/a, schemas/b: each has it under 'topics'; say --subject"
            )
        ) { try find(files) }
        #expect(
            throws: CheckError(
                .unknownSubject,
                "the records of orders may obey any of schemas/orders, schemas/orders-value: each has its name; say --subject"
            )
        ) { try find(["orders/v1.json": Self.schema, "orders-value/v1.json": Self.schema]) }
    }

    @Test func noneIsAnErrorThatSaysWhatToDo() {
        #expect(
            throws: CheckError(
                .unknownSubject,
                "which subject the records of orders obey is not known: none has the topic under 'topics' in its "
                    + "subject.yaml, no connector reads it with a contract, and none is called orders or orders-value; "
                    + "add 'topics: [orders]' to the subject.yaml, or say --subject NAME"
            )
        ) { try find(["shop/v1.json": Self.schema, "broken/subject.yaml": "topics: ["]) }
    }

    @Test func aNameInTwoFoldersIsNotGuessed() {
        let tree = CheckInput.tree(["orders/v1.json": Self.schema])
        #expect(
            throws: CheckError(
                .unknownSubject,
                "the records of orders may obey any of a/orders, b/orders: each is its name in several folders; check one "
                    + "of them"
            )
        ) {
            try TopicSubject.find(of: "orders", in: [("a", tree), ("b", tree)], given: "orders", connectors: [])
        }
    }
}
