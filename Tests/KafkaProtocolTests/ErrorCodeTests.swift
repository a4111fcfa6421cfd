import KafkaProtocol
import Testing

@Suite struct ErrorCodeTests {
    @Test(arguments: [
        (ErrorCode.unknownServerError, Int16(-1), "UNKNOWN_SERVER_ERROR"), (.noError, 0, "NONE"),
        (.unknownTopicOrPartition, 3, "UNKNOWN_TOPIC_OR_PARTITION"),
        (.notLeaderOrFollower, 6, "NOT_LEADER_OR_FOLLOWER"),
        (.unknownMemberID, 25, "UNKNOWN_MEMBER_ID"), (.unsupportedSASLMechanism, 33, "UNSUPPORTED_SASL_MECHANISM"),
        (.saslAuthenticationFailed, 58, "SASL_AUTHENTICATION_FAILED"), (.memberIDRequired, 79, "MEMBER_ID_REQUIRED"),
        (.invalidProducerIDMapping, 49, "INVALID_PRODUCER_ID_MAPPING"), (.producerFenced, 90, "PRODUCER_FENCED"),
        (.unstableOffsetCommit, 88, "UNSTABLE_OFFSET_COMMIT"),
        (.fetchSessionTopicIDError, 106, "FETCH_SESSION_TOPIC_ID_ERROR"),
        (.transactionalIDAuthorizationFailed, 53, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"),
    ])
    func hasKafkasNumberAndName(_ code: ErrorCode, _ number: Int16, _ name: String) {
        #expect(code.rawValue == number)
        #expect(code.name == name)
    }

    @Test func namesAreDistinctAndInKafkasSpelling() {
        let names = ErrorCode.allCases.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.allSatisfy { $0.isUppercase || $0 == "_" } })
    }
}
