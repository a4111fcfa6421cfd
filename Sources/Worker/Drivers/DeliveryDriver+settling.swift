internal import ConnectorKit
internal import Delivery
internal import Log
internal import Logging

/// What the delivery tasks ask of the driver's state, and what they tell it.
extension DeliveryDriver {
    /// Records to start now, as soon as order and room allow; `nil` when the driver closes.
    func nextStarts() async -> [Start]? {
        while phase != .closed, !Task.isCancelled {
            if let gathering, phase == .running, (1..<gathering.max).contains(waiting) {
                if isGathering {
                    await work.wait(for: work.ticket())
                    continue
                }
                isGathering = true
                await rest(gathering.within)
                isGathering = false
            }
            let starts = lanes.startBatch(limit: gathering?.max ?? 1)
            guard !starts.isEmpty else {
                await work.wait(for: work.ticket())
                continue
            }
            for start in starts { started[start.element.topicPartition, default: 0] += 1 }
            // Rings that came while everybody was busy, or gathering, are not remembered.
            if waiting > 0 { work.ring(upTo: 1) }
            return starts
        }
        return nil
    }

    /// Records that wait for a start. The first of a batch that is not full waits for others, once.
    private var waiting: Int { lanes.count - lanes.started - lanes.held }

    /// Waits until rate, target and breaker allow a request.
    /// - Returns: `nil` when the driver ends before that.
    func permission(for route: Int, records: Int) async -> CircuitBreaker.Permit? {
        while phase == .running, !Task.isCancelled {
            let now = environment.clock.now()
            if let until = targets[route].heldUntil, now < until {
                await rest(now.duration(to: until))
            } else if case .wait(let time)? = limiter?.acquire(records, at: now) {
                await rest(time)
            } else {
                switch targets[route].breaker.onCall(at: now) {
                case .go(let permit): return permit
                case .wait(let until): await rest(now.duration(to: until))
                case .waitForProbe:
                    _ = await room.wait(for: room.ticket(), atMost: .seconds(1), clock: environment.clock)
                }
            }
        }
        return nil
    }

    /// Sleeps at most `time`, and only until the driver's next change of phase.
    private func rest(_ time: Duration) async {
        _ = await phaseChange.wait(for: phaseChange.ticket(), atMost: time, clock: environment.clock)
    }

    /// A record to be dead-lettered, still started.
    struct Letter: Sendable {
        let start: Start
        let cause: DeadLetterCause
    }

    /// Takes the results of an attempt.
    /// - Returns: the records that must be dead-lettered.
    func conclude(
        _ starts: [Start],
        _ results: [SinkResult?],
        at route: Int,
        permit: CircuitBreaker.Permit,
        began: Instant
    ) -> [Letter] {
        let now = environment.clock.now()
        let answers = results.compactMap(\.self)
        environment.meter.attempted(answers, in: began.duration(to: now))
        let rested = targets[route].rested
        inform(route, of: answers, permit, at: now)
        var letters: [Letter] = []
        for (start, result) in zip(starts, results) {
            guard let result else {
                hold(start, for: .zero)
                continue
            }
            let id = FlightID(start.element)
            var attempt = attempts[id] ?? Attempts(since: began, rested: rested)
            attempt.count += 1
            let verdict = Verdict.judge(
                result,
                attempt: attempt.count,
                elapsed: max(.zero, attempt.since.duration(to: now) - (rested - attempt.rested)),
                schedule: plan.delivery.retry,
                using: &generator
            )
            switch verdict {
            case .settle:
                finish(start, .delivered)
            case .retry(let delay):
                attempts[id] = attempt
                hold(start, for: delay)
            case .pause(let reason, let detail):
                pause(route, reason, detail: detail, at: now)
                hold(start, for: .zero)
            case .deadLetter(let reason, let detail):
                let cause = DeadLetterCause(reason, detail: detail, stage: .delivery, attempts: attempt.count)
                letters.append(Letter(start: start, cause: cause))
            case .stop(let detail):
                fail(DriverError.sink(detail))
                hold(start, for: nil)
            }
        }
        return letters
    }

    /// Tells the target's breaker how it is. A refusal of a record says that the target is well.
    private func inform(_ route: Int, of results: [SinkResult], _ permit: CircuitBreaker.Permit, at now: Instant) {
        var trouble: (reason: DeadLetterReason, detail: String)?
        var isWell = false
        for result in results {
            switch result {
            case .delivered, .reject:
                isWell = true
            case .retry(.rateLimit, let after, _):
                guard let after else { continue }
                targets[route].heldUntil = max(targets[route].heldUntil ?? now, now.advanced(by: after))
            case .retry(let reason, _, let detail):
                trouble = (reason, detail)
            case .pause, .fatal:
                break
            }
        }
        if isWell {
            recover(route)
            targets[route].breaker.onSuccess(permit)
        } else if let trouble {
            if case .open(let until) = targets[route].breaker.onFailure(permit, at: now) {
                rest(route, for: now.duration(to: until), because: trouble.reason, trouble.detail)
            }
        } else {
            targets[route].breaker.onIndifference(permit)
        }
        environment.meter.circuit(targets[route].breaker.state)
    }

    /// The target's breaker has opened: says why, in the log and where the connector's state is shown.
    private func rest(_ route: Int, for wait: Duration, because reason: DeadLetterReason, _ detail: String) {
        targets[route].rested += wait
        targets[route].isResting = true
        environment.board.explain(
            plan.name,
            "the target fails (\(reason.rawValue): \(detail)); it is tried again in \(wait)"
        )
        environment.logger.warning(
            "the target's circuit breaker opened",
            metadata: [
                "busbar.route": "\(route)", "busbar.reason": "\(reason.rawValue)", "error.message": "\(detail)",
                "busbar.retry_after": "\(wait)",
            ]
        )
    }

    /// Leaves the target alone for a while, longer each time: 1 s to 1 min.
    private func pause(_ route: Int, _ reason: PauseReason, detail: String, at now: Instant) {
        guard targets[route].heldUntil.map({ $0 <= now }) ?? true else { return }
        targets[route].refusals += 1
        let wait = min(Duration.seconds(1 << min(targets[route].refusals - 1, 6)), .seconds(60))
        targets[route].heldUntil = now.advanced(by: wait)
        targets[route].rested += wait
        targets[route].refusesFor = reason
        environment.board.pause(plan.name, reason, detail: detail)
        environment.logger.error(
            "the connector is paused",
            metadata: [
                "busbar.reason": "\(reason.rawValue)", "error.message": "\(detail)", "busbar.retry_after": "\(wait)",
            ]
        )
    }

    /// The target takes records again.
    private func recover(_ route: Int) {
        if targets[route].isResting {
            targets[route].isResting = false
            if !targets.contains(where: \.isResting) { environment.board.explain(plan.name, "") }
        }
        guard let reason = targets[route].refusesFor else { return }
        targets[route].refusals = 0
        targets[route].refusesFor = nil
        guard !targets.contains(where: { $0.refusesFor == reason }) else { return }
        environment.board.resume(plan.name, from: reason)
    }

    /// Gives a started record its outcome.
    func finish(_ start: Start, _ outcome: Outcome) {
        let flight = start.element
        lanes.finish(start.ticket)
        attempts[FlightID(flight)] = nil
        if let since = flight.message.timestamp {
            environment.meter.endToEnd(.milliseconds(environment.clock.wallTime().rawValue - since.rawValue))
        }
        settle(flight.topicPartition, flight.handle, outcome)
        leave(flight)
    }

    /// Gives a registered record its outcome; of an earlier assignment there is nothing to settle.
    func settle(_ partition: TopicPartition, _ handle: RecordHandle, _ outcome: Outcome) {
        guard input.update(partition, { $0.settle(handle, outcome) }) == true else { return }
        environment.meter.settled(outcome)
    }

    func concludeDeadLetter(_ start: Start, _ reason: DeadLetterReason) {
        wrote(start)
        finish(start, .deadLettered(reason))
    }

    /// Puts a started record back into its lane to wait for its retry; without a delay it waits for a restart.
    private func hold(_ start: Start, for delay: Duration?) {
        let flight = start.element
        if isOurs(flight) {
            lanes.hold(start.ticket)
            if let delay { retryQueue.yield(Retry(ticket: start.ticket, delay: delay)) }
        } else {
            lanes.finish(start.ticket)
            attempts[FlightID(flight)] = nil
        }
        leave(flight)
    }

    /// Whether the record belongs to an assignment that still stands.
    private func isOurs(_ flight: Flight) -> Bool {
        input.states[flight.topicPartition]?.generation == flight.handle.generation
    }

    /// The records were not attempted and will not be by this driver: they stay uncommitted.
    func abandon(_ starts: [Start]) {
        for start in starts {
            wrote(start)
            hold(start, for: nil)
        }
    }

    /// The records were not attempted, because earlier ones come first.
    func putBack(_ starts: [Start]) {
        for start in starts { hold(start, for: .zero) }
    }

    private func leave(_ flight: Flight) {
        let left = (started[flight.topicPartition] ?? 1) - 1
        started[flight.topicPartition] = left == 0 ? nil : left
        room.ring()
        work.ring(upTo: 1)
    }

    /// A record that can neither be delivered nor dead-lettered (`dead_letter: none`) stops the connector.
    func refuse(_ start: Start, _ cause: DeadLetterCause) {
        fail(DriverError.undeliverable(Record(start.element.message).id, cause))
        hold(start, for: nil)
    }

    /// Notes that a dead letter could not be written, and waits until it may be tried again.
    /// - Returns: `false` when this driver will not write it any more.
    func deadLetterFailed(_ start: Start, _ error: LogError, retryIn wait: Duration) async -> Bool {
        environment.meter.deadLetterFailed()
        guard isOurs(start.element) else { return false }
        unwritten.insert(FlightID(start.element))
        let detail =
            error.code == .tooLarge
            ? "\(DriverError.deadLetterTooLarge(Record(start.element.message).id, error))" : "\(error)"
        environment.board.pause(plan.name, .deadLetters, detail: detail)
        environment.logger.error(
            "a dead letter could not be written; the partition waits",
            metadata: ["kafka.partition": "\(start.element.topicPartition)", "error.message": "\(detail)"]
        )
        if error.isFatal {
            fail(.log(error))
            return false
        }
        await rest(wait)
        return phase == .running && !Task.isCancelled && isOurs(start.element)
    }

    /// The record's dead letter is written, or no longer ours to write.
    private func wrote(_ start: Start) {
        guard unwritten.remove(FlightID(start.element)) != nil, unwritten.isEmpty else { return }
        environment.board.resume(plan.name, from: .deadLetters)
    }

    func fail(_ error: DriverError) {
        if failure == nil { failure = error }
        room.ring()
    }

    /// Shows the partitions' accounting and lag to health checks and metrics.
    func publish() {
        environment.meter.queue(
            records: lanes.count,
            limit: lanes.capacity,
            retries: lanes.held,
            pausedPartitions: shelves.count
        )
        input.publish()
    }
}
