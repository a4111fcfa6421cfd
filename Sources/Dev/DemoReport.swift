internal import Demo
internal import Foundation
internal import JSON

/// What a demo run came to, for people and for programs.
package struct DemoReport: Sendable {
    let deliveries: Int
    let eventTypes: Int
    let statuses: [Int: Int]
    let connectors: [WorkerProbe.Connector]
    /// p50 and p95 per connector, seconds.
    let latencies: [String: [Double]]
    let tickets: TicketRecord
    let truth: GroundTruth
    /// Where logs and dead letters are.
    let folder: String
    let sending: Duration
    let settling: Duration

    /// Everything that is not as it must be, as sentences; empty when all balances.
    package var differences: [String] {
        let accounts = Dictionary(
            uniqueKeysWithValues: connectors.map { connector in
                (
                    connector.name,
                    GroundTruth.Account(
                        consumed: connector.consumed,
                        delivered: connector.delivered,
                        filtered: connector.filtered,
                        duplicate: connector.duplicate,
                        deadLettered: connector.deadLettered
                    )
                )
            }
        )
        let residues = connectors.filter { $0.residue != 0 || $0.inFlight != 0 }.map { connector in
            "\(connector.name): \(connector.inFlight) records are in flight, the residue is \(connector.residue)"
        }
        return residues + truth.differences(statuses: statuses, record: tickets, accounts: accounts)
    }

    /// Topics that dead letters were written to.
    var deadLetterTopics: [String] {
        connectors.filter { $0.deadLetters > 0 }.map { "\($0.name).dlq" }
    }

    /// One JSON object per connector, as DESIGN.md section 4 fixes it.
    package var json: String {
        connectors.map { connector in
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("connector", connector.name)
                writer.member("consumed", connector.consumed)
                writer.member("delivered", connector.delivered)
                writer.member("filtered", connector.filtered)
                writer.member("duplicate", connector.duplicate)
                writer.object("dead_lettered") { writer in
                    for (reason, count) in connector.deadLettered.sorted(by: { $0.key < $1.key }) {
                        writer.member(reason, count)
                    }
                }
                writer.member("in_flight", connector.inFlight)
                writer.member("residue", connector.residue)
            }
            return writer.text
        }.joined(separator: "\n")
    }

    /// The report as text: answers, a table of connectors, the identity, tickets, and what to do next.
    package var text: String {
        var lines = [
            "\(deliveries) deliveries of \(eventTypes) event types in \(seconds(sending)), "
                + "\(perSecond(deliveries, sending)); all settled \(seconds(settling)) later",
            "answers: " + statuses.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(separator: ", "),
            "",
        ]
        lines += table()
        lines += ["", "consumed = delivered + filtered + duplicate + dead-lettered + in flight"]
        lines += connectors.map { connector in
            let terms = [
                connector.delivered, connector.filtered, connector.duplicate, connector.deadLetters, connector.inFlight,
            ]
            let sum = terms.map(String.init).joined(separator: " + ")
            let mark = connector.residue == 0 ? "✓" : "✗ residue \(connector.residue)"
            return "  \(pad(connector.name, 28)) \(connector.consumed) = \(sum)  \(mark)"
        }
        lines += ["", ticketLine]
        lines += deadLetterTopics.map { topic in
            "dead letters: \(folder)/dead-letters/\(topic).ndjson (while a broker runs: busbar tap \(topic) --from earliest)"
        }
        lines += differences.isEmpty ? ["everything balances"] : ["", "DIFFERENCES"] + differences.map { "  " + $0 }
        return lines.joined(separator: "\n")
    }

    private var ticketLine: String {
        let counts = tickets.counts
        return "tickets: \(tickets.tickets.count) in the ticket system, \(truth.tickets.count) expected; "
            + "\(counts.requests) requests, of them \(counts.refused) refused and \(counts.hung) left hanging in the "
            + "outage, \(counts.repeats) repeats recognised by their idempotency key"
    }

    private func table() -> [String] {
        let header = [
            "connector", "consumed", "delivered", "filtered", "duplicate", "dead-lettered", "rate", "p50", "p95",
        ]
        let rows = connectors.map { connector in
            let reasons = connector.deadLettered.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            let letters = reasons.isEmpty ? "0" : reasons.joined(separator: ", ")
            let latency = latencies[connector.name] ?? []
            return [
                connector.name, String(connector.consumed), String(connector.delivered), String(connector.filtered),
                String(connector.duplicate), letters, perSecond(connector.consumed, sending + settling),
                latency.first.map(milliseconds) ?? "", latency.last.map(milliseconds) ?? "",
            ]
        }
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        return ([header] + rows).map { row in
            zip(row, widths).map { pad($0, $1) }.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
        }
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private func seconds(_ duration: Duration) -> String {
        String(format: "%.1f s", duration / .seconds(1))
    }

    private func perSecond(_ count: Int, _ duration: Duration) -> String {
        String(format: "%.0f/s", Double(count) / max(0.001, duration / .seconds(1)))
    }

    private func milliseconds(_ seconds: Double) -> String {
        seconds < 1 ? String(format: "%.0f ms", seconds * 1000) : String(format: "%.1f s", seconds)
    }
}
