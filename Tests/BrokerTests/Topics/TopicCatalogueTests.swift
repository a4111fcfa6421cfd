import KafkaProtocol
import TestFiles
import Testing

@testable import Broker

@Suite struct TopicCatalogueTests {
    private let folder = TemporaryFolder()
    private var file: String { folder.path + "/topics.json" }

    @Test func aNewCatalogueHasTheInternalTopicsAndAnId() throws {
        let catalogue = try TopicCatalogue(file: file)
        #expect(catalogue.all.map(\.name) == ["__consumer_offsets", "__transaction_state"])
        #expect(catalogue.all.allSatisfy { $0.partitions == 50 && $0.isInternal })
        #expect(catalogue.clusterID.utf8.count == 22)
        #expect(catalogue.partitionCount == 0)
    }

    @Test func aTopicIsThereAfterARestartWithItsId() throws {
        let topic = Topic(name: "t", id: .random(), partitions: 3, settings: ["retention.ms": "1"])
        let catalogue = try TopicCatalogue(file: file)
        try catalogue.update { $0.append(topic) }
        let again = try TopicCatalogue(file: file)
        #expect(again.clusterID == catalogue.clusterID)
        #expect(again.topic(named: "t") == topic)
        #expect(again.topic(topic.id) == topic)
    }

    @Test func aTopicThatIsBeingDeletedIsHiddenAndRemembered() throws {
        let catalogue = try TopicCatalogue(file: file)
        try catalogue.update { $0.append(Topic(name: "t", id: .random(), partitions: 1, settings: [:])) }
        try catalogue.update { topics in topics[2].isDeleting = true }
        #expect(catalogue.topic(named: "t") == nil)
        #expect(try TopicCatalogue(file: file).deleting.map(\.name) == ["t"])
    }

    @Test func aChangeThatFailsChangesNothing() throws {
        struct Refused: Error {}
        let catalogue = try TopicCatalogue(file: file)
        #expect(throws: Refused.self) {
            try catalogue.update { topics in
                topics.removeAll()
                throw Refused()
            }
        }
        #expect(catalogue.all.count == 2)
    }
}
