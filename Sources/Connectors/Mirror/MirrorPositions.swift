internal import ConnectorKit
internal import Log

/// What mirrors have stored in `busbar.offsets` of the cluster that they write to.
enum MirrorPositions {
    /// Every position by the name of its partition, in the order of the log: a later one of the same key counts.
    static func all(
        in log: any Log,
        by reader: any LogReader
    ) async throws -> [(partition: String, position: MirrorPosition)] {
        var found: [(partition: String, position: MirrorPosition)] = []
        for partition in try await log.partitions(of: PositionKey.topic) {
            let place = TopicPartition(PositionKey.topic, partition)
            let records = try await RangeReader(reader, place, try await reader.bounds(of: place))
            while let record = try await records.next() {
                guard let key = record.key.flatMap({ PositionKey([UInt8]($0)) }),
                    let position = record.value.flatMap({ MirrorPosition([UInt8]($0)) })
                else { continue }
                found.append((key.partition, position))
            }
        }
        return found
    }
}

extension LogAccess {
    /// What has to stand before `<topic>/<partition>/<offset>` so that no target takes a record for one of another cluster:
    /// the cluster's id where a mirror has written, as in one that was moved to; `nil` elsewhere.
    func scopeOfPlaces() async throws -> String? {
        let reader = try await own.reader()
        let isMirror: Bool
        do {
            isMirror = try await !MirrorPositions.all(in: own, by: reader).isEmpty
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
        return isMirror ? try await own.clusterID() : nil
    }
}
