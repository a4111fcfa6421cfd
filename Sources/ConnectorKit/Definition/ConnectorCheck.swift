internal import Log

/// What must hold between the keys of a connector file, and between the file and the world.
struct ConnectorCheck {
    let definition: ConnectorDefinition
    let environment: LintEnvironment

    func run(into findings: inout FindingCollector) {
        checkNames(&findings)
        checkSource(&findings)
        checkDedupe(&findings)
        checkRoutes(&findings)
        checkPlaces(&findings)
        checkTopics(&findings)
        checkDelivery(&findings)
        checkTests(&findings)
        checkSurroundings(&findings)
    }

    private func place(_ name: String) -> ConfigLocation { definition.fields.location(of: name) }

    private func checkNames(_ findings: inout FindingCollector) {
        let name = definition.name
        let isValid =
            (1...63).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                ("a"..."z").contains(UnicodeScalar($0)) || ("0"..."9").contains(UnicodeScalar($0))
                    || $0 == UInt8(ascii: "-")
            }
        if !isValid {
            findings.error(
                .invalidValue,
                at: place("connector"),
                "`connector` is `\(name)`: no connector has that name",
                fix: "Use 1 to 63 of `a-z`, `0-9` and `-`."
            )
        }
        if definition.owner.allSatisfy(\.isWhitespace) {
            findings.error(
                .invalidValue,
                at: place("owner"),
                "`owner` is empty",
                fix: "Name the team that answers for the connector."
            )
        }
    }

    private func checkSource(_ findings: inout FindingCollector) {
        for finding in definition.source.type.check(definition.source.fields) { findings.add(finding) }
        for route in definition.routes {
            for finding in route.type.check(route.fields) { findings.add(finding) }
        }
        guard definition.onViolation == .reject, definition.source.type.kind != .push else { return }
        findings.error(
            .rejectNeedsPush,
            at: place("on_violation"),
            "`on_violation: reject` needs a sender who waits for an answer, and `\(definition.source.type.name)` has none",
            fix: "Write `dead_letter`, or leave the key out."
        )
    }

    private func checkDedupe(_ findings: inout FindingCollector) {
        guard let dedupe = definition.fields.optionalObject("dedupe") else { return }
        if definition.source.type.kind != .log {
            findings.error(
                .dedupeNeedsLog,
                at: definition.fields.written["dedupe"] ?? dedupe.location,
                "`dedupe` compares offsets of a topic, and the source `\(definition.source.type.name)` has none",
                fix: "Write the events to a topic, and put `dedupe` into the connector that reads it."
            )
        }
        if let key = dedupe.optionalString("key"), DedupeSettings.Key(key) == nil {
            findings.error(
                .invalidValue,
                at: dedupe.location(of: "key"),
                "`dedupe.key` is `\(key)`: no dedupe key looks like that",
                fix: "Write `header.<name>`, `key`, or a jq program that starts with `.`."
            )
        }
    }

    private func checkRoutes(_ findings: inout FindingCollector) {
        for route in definition.routes.dropLast() where route.when == nil {
            findings.error(
                .unreachableRoute,
                at: route.fields.location,
                "this sink takes every record, so the ones after it get none",
                fix: "Give it a `when`, or move it to the end."
            )
        }
    }

    private func checkPlaces(_ findings: inout FindingCollector) {
        guard !definition.source.type.keepsPlaces else { return }
        for route in definition.routes where route.type.needsPlaces {
            findings.error(
                definition.source.type.kind == .log ? .loop : .contradiction,
                at: route.fields.location,
                "the sink `\(route.type.name)` writes each record to the topic that it has in another cluster, and the source "
                    + "`\(definition.source.type.name)` does not read another cluster",
                fix: "Write to `kafka: { topic: NAME }`."
            )
        }
    }

    private func checkDelivery(_ findings: inout FindingCollector) {
        let delivery = definition.fields.object("delivery")
        let retry = delivery.object("retry")
        let settings = definition.delivery
        if settings.retry.initial > settings.retry.max {
            let key = retry.isWritten("max") ? "max" : "initial"
            findings.error(
                .contradiction,
                at: retry.location(of: key),
                "`delivery.retry.initial` is \(ScalarGrammar.text(settings.retry.initial)), more than `max` with \(ScalarGrammar.text(settings.retry.max))",
                fix: "Make `max` at least as long as `initial`."
            )
        }
        if settings.timeout > settings.retry.within {
            let place = delivery.isWritten("timeout") ? delivery.location(of: "timeout") : retry.location(of: "within")
            findings.warning(
                .contradiction,
                at: place,
                "one attempt may take \(ScalarGrammar.text(settings.timeout)), all of them \(ScalarGrammar.text(settings.retry.within)): there is no time for a retry",
                fix: "Make `delivery.timeout` shorter, or `delivery.retry.within` longer."
            )
        }
    }

    private func checkTests(_ findings: inout FindingCollector) {
        for test in definition.tests {
            let count = test.inputs.reduce(0) { $0 + $1.times }
            if definition.source.type.kind != .pull, test.expect.total > count {
                findings.error(
                    .impossibleExpectation,
                    at: test.expect.location,
                    "the test expects an outcome for \(test.expect.total) records, and \(count) come in",
                    fix: "Add input, or correct `expect`: each record has one outcome."
                )
            }
            if test.expect.rejected != nil, definition.onViolation != .reject {
                findings.error(
                    .impossibleExpectation,
                    at: test.expect.location,
                    "the test expects rejected records, and the connector dead-letters what breaks the contract",
                    fix: "Expect `dead_lettered: { schema: … }`, or write `on_violation: reject`."
                )
            }
        }
        for input in definition.fields.objects("tests").flatMap({ $0.objects("input") }) {
            guard let base64 = input.optionalString("base64"), ConnectorTest.Input.bytes(base64: base64) == nil
            else { continue }
            findings.error(
                .invalidValue,
                at: input.location(of: "base64"),
                "`base64` is no base64",
                fix: "Write the output of `base64 FILE`."
            )
        }
    }
}
