/// A day of webhook traffic, the same from the same seed, with the truth about what must become of it.
///
/// Deliveries are planned at once and written one at a time, so that a long day takes little memory.
package struct GitHubDay: Sendable {
    /// Deliveries that a day has at least, so that it has some of everything.
    package static let leastCount = 100
    package static let standardCount = 2_400
    package static let standardSeed: UInt64 = 20_260_310

    /// Bytes of the largest body that the listener takes.
    package let maxBody: Int
    /// What must become of it all.
    package let truth: GroundTruth
    private let plan: [PlannedDelivery]
    private let secret: [UInt8]

    /// - Parameters:
    ///   - secret: of the webhook; the text's UTF-8 bytes are the key, as at GitHub.
    ///   - count: of deliveries; at least ``leastCount``.
    ///   - seed: of every choice.
    ///   - maxBody: the listener's `max_body` in bytes; oversized deliveries are a little larger.
    package init(
        secret: String,
        count: Int = standardCount,
        seed: UInt64 = standardSeed,
        maxBody: Int = 900 << 10
    ) {
        precondition(count >= Self.leastCount, "a day has at least \(Self.leastCount) deliveries")
        self.secret = Array(secret.utf8)
        self.maxBody = maxBody
        plan = TrafficPlan(seed: seed, count: count).deliveries
        truth = GroundTruth(plan)
    }

    /// Of how many repositories there are events: ``GitHubDelivery/lane`` is below it.
    package var lanes: Int { GitHubWorld.standard.repositories.count }

    /// The lane of a delivery, without writing it.
    package func lane(at position: Int) -> Int { plan[position].repository }

    /// The events' names with how many deliveries have them.
    package var eventCounts: [String: Int] {
        plan.reduce(into: [:]) { $0[$1.event.name, default: 0] += 1 }
    }
}

extension GitHubDay: RandomAccessCollection {
    package var startIndex: Int { plan.startIndex }
    package var endIndex: Int { plan.endIndex }

    /// Writes and signs the delivery; the same one each time.
    package subscript(position: Int) -> GitHubDelivery {
        let planned = plan[position]
        var renderer = PayloadRenderer(planned)
        let body = damaged(renderer.body(), planned.flaw)
        return GitHubDelivery(
            id: planned.id,
            headers: headers(planned, body),
            body: body,
            expected: planned.expectation,
            lane: planned.repository,
            isRedelivery: planned.isRedelivery
        )
    }

    private func damaged(_ body: [UInt8], _ flaw: Flaw?) -> [UInt8] {
        switch flaw {
        case .truncated: Array(body.prefix(body.count * 2 / 3))
        // White space before the last brace: valid JSON of any size.
        case .oversized: body.dropLast() + Array(repeating: UInt8(ascii: " "), count: maxBody) + body.suffix(1)
        default: body
        }
    }

    private func headers(_ planned: PlannedDelivery, _ body: [UInt8]) -> [(name: String, value: String)] {
        let isForm = planned.flaw == .formEncoded
        var headers = [
            (name: "Accept", value: "*/*"),
            (name: "Content-Type", value: isForm ? "application/x-www-form-urlencoded" : "application/json"),
            (name: "User-Agent", value: "GitHub-Hookshot/6f2a1c9"),
            (name: "X-GitHub-Delivery", value: planned.id),
            (name: "X-GitHub-Event", value: planned.event.name),
            (name: "X-GitHub-Hook-ID", value: "43210987"),
            (name: "X-GitHub-Hook-Installation-Target-ID", value: "\(186_853_002 + planned.repository)"),
            (name: "X-GitHub-Hook-Installation-Target-Type", value: "repository"),
        ]
        if let signature = signature(planned.flaw, body) {
            headers.append((name: HubSignature.header, value: signature))
        }
        return headers
    }

    private func signature(_ flaw: Flaw?, _ body: [UInt8]) -> String? {
        switch flaw {
        case .missingSignature: nil
        case .wrongSecret: HubSignature.signature(body, secret: Array("not the secret".utf8))
        case .tampered: HubSignature.signature(Array(body.dropLast()), secret: secret)
        case .malformedSignature: "sha256=not-a-signature"
        default: HubSignature.signature(body, secret: secret)
        }
    }
}
