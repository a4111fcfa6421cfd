import KafkaProtocol
import Testing

@testable import Broker

/// A coordinator with a clock set by hand, a log and partitions that the test lets go on when it wants.
final class TransactionRig: TimedRig {
    var coordinator: TransactionCoordinator
    var now = Moment(uptime: 0, epoch: 1_700_000_000_000)
    var answers: [UInt64: TransactionReply] = [:]
    var writes: [CoordinatorWrite] = []
    var markers: [TransactionMarker] = []
    /// What is durable: records, written markers, and the limit of producer ids.
    var log: [CoordinatorRecord] = []
    var marked: [TransactionMarker] = []
    var idLimit: Int64 = 0
    /// False holds back what it is about until `flush`.
    var isLogFast = true
    var areMarkersFast = true
    var areIDsRefused = false
    private var nextToken: UInt64 = 0

    init(_ settings: TransactionSettings = TransactionSettings()) {
        coordinator = TransactionCoordinator(settings: settings)
        take(coordinator.start(at: now))
    }

    func take(_ actions: [TransactionAction]) {
        for action in actions {
            switch action {
            case .reply(let token, let reply):
                #expect(answers[token.rawValue] == nil, "token \(token.rawValue) is answered twice")
                answers[token.rawValue] = reply
            case .write(let write): writes.append(write)
            case .mark(let marker): markers.append(marker)
            case .reserveProducerIDs(let limit, let token):
                if !areIDsRefused { idLimit = limit }
                let error: ErrorCode? = areIDsRefused ? .kafkaStorageError : nil
                take(coordinator.on(.reserved(token, error), at: now))
            }
        }
        if isLogFast { flushLog() }
        if areMarkersFast { flushMarkers() }
    }

    func flushLog(_ error: ErrorCode? = nil) {
        while !writes.isEmpty {
            let write = writes.removeFirst()
            if let error {
                take(coordinator.on(.written(write.token, .failed(error)), at: now))
            } else {
                log += write.records
                take(coordinator.on(.written(write.token, .durable(offset: Int64(log.count))), at: now))
            }
        }
    }

    func flushMarkers(_ error: ErrorCode? = nil) {
        while !markers.isEmpty {
            let marker = markers.removeFirst()
            if error == nil { marked.append(marker) }
            take(coordinator.on(.marked(marker.token, error), at: now))
        }
    }

    var nextDeadline: Int64? { coordinator.nextDeadline }

    func tick() { take(coordinator.on(.tick, at: now)) }

    @discardableResult
    func send(_ event: (ReplyToken) -> TransactionEvent) -> UInt64 {
        defer { nextToken += 1 }
        let token = nextToken
        take(coordinator.on(event(ReplyToken(token)), at: now))
        return token
    }

    func initialize(
        _ id: String? = "tx",
        timeout: Int32 = 60_000,
        current: ProducerIdentity? = nil
    ) -> (error: ErrorCode?, producer: ProducerIdentity) {
        let request = InitProducerRequest(transactionalID: id, timeout: timeout, current: current)
        let token = send { .initProducer(request, $0) }
        guard case .initProducer(let error, let producer) = answers[token] else {
            return (.unknownServerError, ProducerIdentity(id: -1, epoch: -1))
        }
        return (error, producer)
    }

    /// Sends without looking at the answer, whose token it returns.
    func sendAdd(_ producer: ProducerIdentity, _ partitions: Int32...) -> UInt64 {
        let claim = TransactionalProducer(transactionalID: "tx", identity: producer)
        return send { .addPartitions(claim, partitions.map { LogPartition("t", $0) }, $0) }
    }

    func add(_ producer: ProducerIdentity, _ partition: Int32, _ more: Int32...) -> ErrorCode? {
        let claim = TransactionalProducer(transactionalID: "tx", identity: producer)
        let token = send { .addPartitions(claim, ([partition] + more).map { LogPartition("t", $0) }, $0) }
        guard case .addPartitions(let error) = answers[token] else { return .unknownServerError }
        return error
    }

    func end(_ producer: ProducerIdentity, commit: Bool) -> ErrorCode? {
        let claim = TransactionalProducer(transactionalID: "tx", identity: producer)
        let token = send { .end(claim, commit: commit, $0) }
        guard case .end(let error) = answers[token] else { return .unknownServerError }
        return error
    }

    var state: TransactionState? { coordinator.describe("tx")?.state }

    /// A new coordinator that has read what is durable.
    func restarted(fastMarkers: Bool = true) throws -> TransactionRig {
        let fresh = TransactionRig(coordinator.settings)
        fresh.coordinator = TransactionCoordinator(settings: coordinator.settings)
        (fresh.now, fresh.log, fresh.idLimit, fresh.areMarkersFast) = (now, log, idLimit, fastMarkers)
        for record in log { try fresh.coordinator.load(record) }
        fresh.coordinator.loadProducerIDs(from: idLimit)
        fresh.take(fresh.coordinator.start(at: now))
        return fresh
    }
}
