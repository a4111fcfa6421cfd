internal import KafkaProtocol
internal import LogStorage
internal import Synchronization

/// Gathers the outcomes of one Produce request until the last is there. Any thread.
final class ProduceAcknowledgement: Sendable {
    /// Where a partition's answer stands.
    struct Place: Sendable {
        let topic: Int
        let partition: Int
    }

    private struct State {
        var responses: [ProduceResponse.Topic] = []
        /// One more than the commits that are waited for, until all appends are done.
        var waiting = 1
    }

    private let state = Mutex(State())
    private let done: @Sendable ([ProduceResponse.Topic]) -> Void

    /// - Parameter done: called once, on whatever thread brings the last outcome.
    init(_ done: @escaping @Sendable ([ProduceResponse.Topic]) -> Void) {
        self.done = done
    }

    /// The next topic of the request.
    func begin(_ topic: String) {
        state.withLock { $0.responses.append(ProduceResponse.Topic(name: topic, partitionResponses: [])) }
    }

    /// A partition that was not appended to.
    func refuse(_ index: Int32, _ code: ErrorCode, _ message: String? = nil) {
        state.withLock { state in
            state.responses[state.responses.count - 1].partitionResponses
                .append(ProduceResponse.Partition(index: index, errorCode: code, baseOffset: -1, errorMessage: message))
        }
    }

    /// A partition that was appended to, and whose sync is waited for.
    func expect(_ index: Int32, _ result: AppendResult) -> Place {
        state.withLock { state in
            let topic = state.responses.count - 1
            state.waiting += 1
            state.responses[topic].partitionResponses.append(
                ProduceResponse.Partition(
                    index: index,
                    baseOffset: result.baseOffset,
                    logAppendTimeMs: result.logAppendTime ?? -1,
                    logStartOffset: result.logStartOffset
                )
            )
            return Place(topic: topic, partition: state.responses[topic].partitionResponses.count - 1)
        }
    }

    /// The end of a sync that was waited for.
    func committed(_ place: Place, _ outcome: Result<Void, StorageError>) {
        if case .failure(let error) = outcome {
            state.withLock { state in
                let index = state.responses[place.topic].partitionResponses[place.partition].index
                state.responses[place.topic].partitionResponses[place.partition] =
                    ProduceResponse.Partition(
                        index: index,
                        errorCode: ErrorCode(error),
                        baseOffset: -1,
                        errorMessage: error.message
                    )
            }
        }
        countDown()
    }

    /// Every partition of the request was appended to or refused.
    func appended() {
        countDown()
    }

    private func countDown() {
        let responses = state.withLock { state -> [ProduceResponse.Topic]? in
            state.waiting -= 1
            return state.waiting == 0 ? state.responses : nil
        }
        if let responses { done(responses) }
    }
}
