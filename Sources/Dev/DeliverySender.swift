internal import AsyncHTTPClient
internal import Demo
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Sends a day of GitHub deliveries to a webhook, the repositories concurrently, each one's deliveries in order.
struct DeliverySender: Sendable {
    private let day: GitHubDay
    private let url: String

    init(_ day: GitHubDay, to url: String) {
        self.day = day
        self.url = url
    }

    /// Sends everything.
    /// - Parameter onAnswer: told after each answer.
    /// - Returns: how many answers had each status.
    /// - Throws: when the listener cannot be reached.
    func send(onAnswer: @escaping @Sendable () -> Void) async throws -> [Int: Int] {
        var lanes: [[Int]] = Array(repeating: [], count: day.lanes)
        for index in day.indices { lanes[day.lane(at: index)].append(index) }
        return try await withThrowingTaskGroup(of: [Int: Int].self) { group in
            for lane in lanes where !lane.isEmpty {
                group.addTask { try await send(lane, onAnswer: onAnswer) }
            }
            var statuses: [Int: Int] = [:]
            for try await lane in group { statuses.merge(lane, uniquingKeysWith: +) }
            return statuses
        }
    }

    private func send(_ lane: [Int], onAnswer: @Sendable () -> Void) async throws -> [Int: Int] {
        var statuses: [Int: Int] = [:]
        for index in lane {
            statuses[try await send(day[index]), default: 0] += 1
            onAnswer()
        }
        return statuses
    }

    private func send(_ delivery: GitHubDelivery) async throws -> Int {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        for header in delivery.headers { request.headers.add(name: header.name, value: header.value) }
        request.body = .bytes(delivery.body, length: .known(Int64(delivery.body.count)))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        _ = try await response.body.collect(upTo: 1 << 20)
        return Int(response.status.code)
    }
}
