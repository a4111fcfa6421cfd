internal import KafkaProtocol
internal import Logging
internal import NIOCore
internal import Telemetry

/// Takes the frames of connections apart and gives each to the part of the broker that answers it.
///
/// Called on request threads. A frame that is no request closes its connection and hurts nobody else.
struct RequestDispatcher: Sendable {
    let node: Node

    /// Starts a request. The answer may come later, on another thread.
    func dispatch(_ frame: ByteBuffer, _ reply: Reply) {
        do throws(ProtocolError) {
            var reader = WireReader(frame)
            let header = try RequestHeader(from: &reader)
            let call = Call(header: header, reply: reply, metrics: node.metrics)
            guard header.isSupported else { return refuse(call) }
            guard mayAsk(call) else { return }
            try route(&reader, call)
        } catch {
            node.metrics.refusedFrames.add()
            reply.connection.fail("\(error)")
        }
    }

    /// A version that is not served: ApiVersions is told which are (KIP-511), others are cut off, as Kafka does.
    private func refuse(_ call: Call) {
        if call.header.apiKey == .apiVersions {
            return call.answer(APIVersionsResponse(errorCode: .unsupportedVersion), version: 0)
        }
        node.metrics.refusedFrames.add()
        call.reply.connection.fail("\(call.header.apiKey) version \(call.version) is not served")
    }

    /// Before SASL is through, only it and ApiVersions are answered.
    private func mayAsk(_ call: Call) -> Bool {
        let session = call.reply.connection.session
        let hasExpired = session.hasExpired(at: node.clock.epoch)
        guard hasExpired || session.mayOnlyAuthenticate else { return true }
        switch call.header.apiKey {
        case .apiVersions, .saslHandshake, .saslAuthenticate: return true
        default:
            let reason = hasExpired ? "after the client's token has expired" : "before the client has authenticated"
            call.reply.connection.fail("\(call.header.apiKey) \(reason)")
            return false
        }
    }

    private func route(_ reader: inout WireReader, _ call: Call) throws(ProtocolError) {
        let version = call.version
        switch call.header.apiKey {
        case .apiVersions: apiVersions(try .init(from: &reader, version: version), call)
        case .produce: produce(try .init(from: &reader, version: version), call)
        case .fetch: fetch(try .init(from: &reader, version: version), call)
        case .metadata: metadata(try .init(from: &reader, version: version), call)
        case .listOffsets: listOffsets(try .init(from: &reader, version: version), call)
        case .offsetForLeaderEpoch: offsetForLeaderEpoch(try .init(from: &reader, version: version), call)
        case .deleteRecords: deleteRecords(try .init(from: &reader, version: version), call)
        case .describeProducers: describeProducers(try .init(from: &reader, version: version), call)
        case .describeLogDirs: describeLogDirs(try .init(from: &reader, version: version), call)
        case .saslHandshake: saslHandshake(try .init(from: &reader, version: version), call)
        case .saslAuthenticate: saslAuthenticate(try .init(from: &reader, version: version), call)
        default: try routeAdministration(&reader, call)
        }
    }

    private func routeAdministration(_ reader: inout WireReader, _ call: Call) throws(ProtocolError) {
        let version = call.version
        switch call.header.apiKey {
        case .createTopics: createTopics(try .init(from: &reader, version: version), call)
        case .deleteTopics: deleteTopics(try .init(from: &reader, version: version), call)
        case .createPartitions: createPartitions(try .init(from: &reader, version: version), call)
        case .describeConfigs: describeConfigs(try .init(from: &reader, version: version), call)
        case .alterConfigs: alterConfigs(try .init(from: &reader, version: version), call)
        case .incrementalAlterConfigs: incrementalAlterConfigs(try .init(from: &reader, version: version), call)
        case .describeCluster: describeCluster(try .init(from: &reader, version: version), call)
        case .describeAcls: describeAcls(try .init(from: &reader, version: version), call)
        case .createAcls: createAcls(try .init(from: &reader, version: version), call)
        case .deleteAcls: deleteAcls(try .init(from: &reader, version: version), call)
        case .describeUserScramCredentials: describeScram(try .init(from: &reader, version: version), call)
        case .alterUserScramCredentials: alterScram(try .init(from: &reader, version: version), call)
        default: try routeCoordination(&reader, call)
        }
    }

    private func routeCoordination(_ reader: inout WireReader, _ call: Call) throws(ProtocolError) {
        let version = call.version
        switch call.header.apiKey {
        case .findCoordinator: findCoordinator(try .init(from: &reader, version: version), call)
        case .joinGroup: joinGroup(try .init(from: &reader, version: version), call)
        case .syncGroup: syncGroup(try .init(from: &reader, version: version), call)
        case .heartbeat: heartbeat(try .init(from: &reader, version: version), call)
        case .leaveGroup: leaveGroup(try .init(from: &reader, version: version), call)
        case .offsetCommit: offsetCommit(try .init(from: &reader, version: version), call)
        case .offsetFetch: offsetFetch(try .init(from: &reader, version: version), call)
        case .offsetDelete: offsetDelete(try .init(from: &reader, version: version), call)
        case .describeGroups: describeGroups(try .init(from: &reader, version: version), call)
        case .listGroups: listGroups(try .init(from: &reader, version: version), call)
        case .deleteGroups: deleteGroups(try .init(from: &reader, version: version), call)
        case .initProducerID: initProducerID(try .init(from: &reader, version: version), call)
        case .addPartitionsToTxn: addPartitions(try .init(from: &reader, version: version), call)
        case .addOffsetsToTxn: addOffsets(try .init(from: &reader, version: version), call)
        case .endTxn: endTransaction(try .init(from: &reader, version: version), call)
        case .txnOffsetCommit: commitOffsets(try .init(from: &reader, version: version), call)
        case .describeTransactions: describeTransactions(try .init(from: &reader, version: version), call)
        case .listTransactions: listTransactions(try .init(from: &reader, version: version), call)
        default: refuse(call)
        }
    }
}
