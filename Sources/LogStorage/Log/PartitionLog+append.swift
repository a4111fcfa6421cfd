internal import KafkaProtocol
package import NIOCore
internal import Synchronization

extension PartitionLog {
    /// Appends whole record batches (v2), assigning offsets. Not durable before `sync`: see `GroupCommitter.commit`.
    ///
    /// The leader epoch is written into the batches.
    /// - Throws: `.corruptBatch`, `.invalidRecord`, `.invalidTimestamp`, `.unsupportedFormat`, `.batchTooLarge`,
    ///   `.outOfOrderSequence`, `.duplicateSequence`, `.invalidProducerEpoch`, `.invalidTransactionState`, `.diskFull`,
    ///   `.io`, `.unavailable`, `.closed`. Nothing was appended then.
    @discardableResult
    package func append(
        _ batches: ByteBuffer,
        origin: AppendOrigin,
        leaderEpoch: Int32,
        now: Int64
    ) throws(StorageError) -> AppendResult {
        let configuration = configuration
        return try unsafe batches.withUnsafeReadableBytes { (bytes) throws(StorageError) -> AppendResult in
            let headers = try unsafe BatchCheck.headers(
                of: bytes,
                origin: origin,
                configuration: configuration,
                now: now
            )
            return try appending { (writer) throws(StorageError) -> AppendResult in
                if let known = try duplicate(headers, origin, &writer, now: now) { return known }
                var pieces = unsafe BatchPieces(bytes, headers, leaderEpoch: leaderEpoch)
                if origin != .replicated, configuration.timestamps == .logAppendTime {
                    pieces.stamp(now)
                }
                return try write(&pieces, &writer, now: now)
            }
        }
    }

    /// Appends a transaction's commit or abort marker.
    /// - Throws: `.invalidProducerEpoch`, `.coordinatorFenced` and what `append` throws of the disk.
    @discardableResult
    package func appendMarker(
        producerID: Int64,
        epoch: Int16,
        committed: Bool,
        coordinatorEpoch: Int32,
        leaderEpoch: Int32,
        now: Int64
    ) throws(StorageError) -> AppendResult {
        let marker = ControlRecord(isCommit: committed, coordinatorEpoch: coordinatorEpoch)
        let batch = marker.batch(producerID: producerID, producerEpoch: epoch, timestamp: now)
        return try appending { (writer) throws(StorageError) -> AppendResult in
            try prepare(&writer, now: now)
            try writer.producers.checkMarker(producerID, epoch: epoch, coordinatorEpoch: coordinatorEpoch)
            return try unsafe batch.withUnsafeReadableBytes { (bytes) throws(StorageError) -> AppendResult in
                guard let header = unsafe BatchHeader(bytes) else { preconditionFailure("a marker is a batch") }
                var pieces = unsafe BatchPieces(bytes, [header], leaderEpoch: leaderEpoch)
                return try write(&pieces, &writer, now: now)
            }
        }
    }

    /// Runs `body` under the append lock and tells the observer afterwards, also when it threw.
    func appending<Value>(
        _ body: (inout LogWriter) throws(StorageError) -> Value
    ) throws(StorageError) -> Value {
        let watermark = view.withLock { $0.highWatermark }
        defer { if view.withLock({ $0.highWatermark }) != watermark { notify() } }
        return try writer.withLock { (writer) throws(StorageError) -> Value in try body(&writer) }
    }

    /// Checks producers; the result of the first time when the batch is in the log already.
    private func duplicate(
        _ headers: [BatchHeader],
        _ origin: AppendOrigin,
        _ writer: inout LogWriter,
        now: Int64
    ) throws(StorageError) -> AppendResult? {
        try prepare(&writer, now: now)
        for header in headers {
            guard case .duplicate(let known) = try writer.producers.check(header, origin: origin) else { continue }
            let (start, generation) = view.withLock { ($0.startOffset, $0.generation) }
            return AppendResult(
                baseOffset: known.firstOffset,
                lastOffset: known.lastOffset,
                logAppendTime: nil,
                logStartOffset: start,
                duplicate: true,
                generation: generation
            )
        }
        return nil
    }

    /// Writes at the end of the active segment; on a failure the log is as before.
    private func write(
        _ pieces: inout BatchPieces,
        _ writer: inout LogWriter,
        now: Int64
    ) throws(StorageError) -> AppendResult {
        try rollIfNeeded(for: pieces.byteCount, records: pieces.offsetCount, &writer, now: now)
        let (segment, end) = view.withLock { ($0.active, $0.end) }
        pieces.place(at: end.offset)
        let file = try segment.file()
        do throws(StorageError) {
            try pieces.write(to: file, at: end.position)
        } catch {
            cutOff(file, at: end.position, &writer)
            throw error
        }
        note(pieces.headers, in: segment, &writer, now: now)
        return publish(pieces, in: segment, from: end, &writer, now: now)
    }

    /// Takes away what a failed write left; when that fails too, appends wait until it succeeds.
    private func cutOff(_ file: any DiskFile, at position: Int, _ writer: inout LogWriter) {
        do throws(StorageError) {
            try file.truncate(to: position)
        } catch {
            writer.hasGarbage = true
        }
    }

    private func note(_ headers: [BatchHeader], in segment: LogSegment, _ writer: inout LogWriter, now: Int64) {
        let interval = configuration.indexIntervalBytes
        if writer.segmentSince == nil { writer.segmentSince = now }
        for header in headers { segment.extend(by: header, interval: interval) }
        writer.indexFailure = segment.flushIndexes()
    }

    /// Producers, transactions and marks after a write.
    private func publish(
        _ pieces: BatchPieces,
        in segment: LogSegment,
        from start: LogMark,
        _ writer: inout LogWriter,
        now: Int64
    ) -> AppendResult {
        var completed: [ProducerTable.Completed] = []
        for (index, header) in pieces.headers.enumerated() {
            let marker = header.isControl ? pieces.control(at: index) : nil
            if let ended = writer.producers.take(header, marker, now: now, aborted: segment.aborted) {
                completed.append(ended)
            }
        }
        let end = LogMark(offset: start.offset + pieces.offsetCount, position: start.position + pieces.byteCount)
        let firstOpen = writer.producers.firstOpenOffset
        let (startOffset, generation) = view.withLock { view in
            view.end = end
            view.firstOpenOffset = firstOpen
            view.completing += completed
            view.settle()
            return (view.startOffset, view.generation)
        }
        return AppendResult(
            baseOffset: start.offset,
            lastOffset: end.offset - 1,
            logAppendTime: pieces.logAppendTime,
            logStartOffset: startOffset,
            duplicate: false,
            generation: generation
        )
    }
}

extension ProducerTable {
    /// Takes note of a batch in the log, and of the transaction it aborted in the index.
    mutating func take(
        _ header: BatchHeader,
        _ marker: ControlRecord?,
        now: Int64,
        aborted: IndexFile<AbortedEntry>?
    ) -> Completed? {
        guard header.isControl else {
            apply(header, now: now)
            return nil
        }
        guard let marker, let completed = apply(marker, header, now: now) else { return nil }
        if let entry = abortedEntry(of: completed) { aborted?.append(entry) }
        return completed
    }
}
