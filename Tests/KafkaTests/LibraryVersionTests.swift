import Foundation
import Kafka
import Testing

@Suite struct LibraryVersionTests {
    private static let expected = ProcessInfo.processInfo.environment["BUSBAR_LIBRDKAFKA_VERSION"]

    /// Guards scripts/test-newest-librdkafka.sh: without it, a library that is not loaded would go unnoticed.
    @Test(.enabled(if: expected != nil, "only where a certain librdkafka is asked for, by BUSBAR_LIBRDKAFKA_VERSION"))
    func theLibraryIsTheOneAskedFor() {
        #expect(KafkaLog.libraryVersion == Self.expected)
    }

    @Test func theLibraryIsAtLeastTheOneThatHeadersAreFor() {
        #expect(KafkaLog.libraryVersion.compare("2.0.2", options: .numeric) != .orderedAscending)
    }
}
