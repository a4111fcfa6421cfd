import KafkaProtocol
import NIOCore
import Testing

@Suite struct GoldenRequestTests {
    @Test func thereIsAFixtureForEveryVersionServed() {
        let fixtures = Set(Golden.requests.map { "\($0.api) \($0.version)" })
        let served = APIKey.served.flatMap { api in (api.supportedVersions ?? 0...0).map { "\(api) \($0)" } }
        #expect(Set(served).subtracting(fixtures).sorted() == [])
        #expect(fixtures.subtracting(served).sorted() == [])
    }

    @Test(arguments: Golden.requests) func everyFieldIsReadInEveryVersion(_ golden: Golden.Message) throws {
        let (body, left) = try Golden.decode(golden.api, golden.version, golden.bytes)
        #expect(left == 0)
        let read = leaves(of: body)
        for (path, value) in golden.values.sorted(by: { $0.key < $1.key }) {
            #expect(read[path] == value, "\(path)")
        }
    }

    @Test func anEmptyTopicListInMetadataVersion0AsksForAllTopics() throws {
        #expect(try MetadataRequest(body: ByteBuffer(hex: "00000000"), version: 0).topics == nil)
        #expect(try MetadataRequest(body: ByteBuffer(hex: "00000000"), version: 1).topics == [])
        #expect(try MetadataRequest(body: ByteBuffer(hex: "ffffffff"), version: 1).topics == nil)
    }

    @Test func aFieldThatAVersionDoesNotHaveTakesKafkasDefault() throws {
        let commit = try OffsetCommitRequest(body: golden(.offsetCommit, 5), version: 5)
        #expect(commit.retentionTimeMs == -1)
        #expect(commit.groupInstanceID == nil)
        #expect(commit.topics[0].partitions[0].committedLeaderEpoch == -1)
        let fetch = try FetchRequest(body: golden(.fetch, 4), version: 4)
        #expect(fetch.sessionEpoch == -1)
        #expect(fetch.topics[0].partitions[0].currentLeaderEpoch == -1)
        let metadata = try MetadataRequest(body: golden(.metadata, 3), version: 3)
        #expect(metadata.allowAutoTopicCreation)
        let join = try JoinGroupRequest(body: golden(.joinGroup, 0), version: 0)
        #expect(join.rebalanceTimeoutMs == -1)
        let initialize = try InitProducerIDRequest(body: golden(.initProducerID, 2), version: 2)
        #expect(initialize.producerID == -1 && initialize.producerEpoch == -1)
        let list = try ListOffsetsRequest(body: golden(.listOffsets, 1), version: 1)
        #expect(list.isolationLevel == .readUncommitted)
    }

    @Test func secretsAreNotInDescriptions() throws {
        let authenticate = try SASLAuthenticateRequest(body: ByteBuffer(hex: "00000003" + "70775a"), version: 0)
        #expect("\(authenticate)" == "SASLAuthenticateRequest(3 bytes)")
        let body = try golden(.alterUserScramCredentials, 0)
        let alter = try AlterUserSCRAMCredentialsRequest(body: body, version: 0)
        for upsertion in alter.upsertions {
            #expect(!"\(alter)".contains("\(upsertion.saltedPassword)"))
            #expect("\(alter)".contains("\(upsertion)"))
        }
    }

    @Test func aVersionThatIsNotServedIsRefused() throws {
        let error = #expect(throws: ProtocolError.self) { try ProduceRequest(body: ByteBuffer(), version: 2) }
        #expect(error?.code == .unsupportedVersion)
        #expect(error?.errorCode == .unsupportedVersion)
    }

    private func golden(_ api: APIKey, _ version: Int16) throws -> ByteBuffer {
        try #require(Golden.requests.first { $0.api == api && $0.version == version }).bytes
    }
}
