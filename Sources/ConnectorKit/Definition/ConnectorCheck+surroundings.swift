internal import Log

extension ConnectorCheck {
    /// Files, contracts, programs and references.
    func checkSurroundings(_ findings: inout FindingCollector) {
        checkFiles(&findings)
        if let subject = definition.contract, let problem = environment.contract?(subject) {
            let place = definition.fields.location(of: "contract")
            findings.error(
                .unknownContract,
                at: place,
                "`contract` is `\(subject)`: \(problem.message)",
                fix: problem.fix
            )
        }
        if let compile = environment.compile {
            for program in definition.programs {
                guard let problem = compile(program.text) else { continue }
                findings.error(.invalidExpression, at: program.location, problem.message, fix: problem.fix)
            }
        }
        if let resolver = environment.resolver {
            var running = definition.fields
            running.values["tests"] = nil
            for finding in running.findings(resolvingBy: resolver) { findings.add(finding) }
        }
    }

    private func checkFiles(_ findings: inout FindingCollector) {
        if let runbook = definition.runbook, environment.locate(runbook, besides: definition.file) == nil {
            findings.warning(
                .missingFile,
                at: definition.fields.location(of: "runbook"),
                "`runbook` is `\(runbook)`, and there is no such file",
                fix: "Write the page, or correct the path: it counts from here and from the working directory."
            )
        }
        for input in definition.fields.objects("tests").flatMap({ $0.objects("input") }) {
            guard let path = input.optionalString("file"), environment.locate(path, besides: definition.file) == nil
            else { continue }
            findings.error(
                .missingFile,
                at: input.location(of: "file"),
                "the test reads `\(path)`, and there is no such file",
                fix: "Create it, or correct the path: it counts from here and from the working directory."
            )
        }
    }

    /// Loops between what a connector reads, writes and dead-letters. Topics with references are known at start only.
    func checkTopics(_ findings: inout FindingCollector) {
        let inputs = definition.namedInputs
        let outputs = definition.routes.flatMap(\.fields.topics)
        for output in outputs {
            guard let input = inputs.first(where: { $0.reads(output.name) }) else { continue }
            findings.error(
                .loop,
                at: output.location,
                "the connector writes to `\(output.name)`, which it reads\(input.spelling(of: output.name))",
                fix: "Write to another topic: every record would come back forever."
            )
        }
        guard let deadLetter = definition.delivery.deadLetter?.rawValue else { return }
        let delivery = definition.fields.object("delivery")
        let place = delivery.location(of: "dead_letter")
        if let input = inputs.first(where: { $0.reads(deadLetter) }) {
            findings.error(
                .deadLetterLoop,
                at: place,
                "dead letters go to `\(deadLetter)`, which the connector reads\(input.spelling(of: deadLetter))",
                fix: "Name another topic in `delivery.dead_letter`."
            )
        } else if outputs.contains(where: { $0.name == deadLetter }) {
            findings.error(
                .deadLetterLoop,
                at: place,
                "dead letters go to `\(deadLetter)`, where delivered records go too",
                fix: "Name another topic in `delivery.dead_letter`."
            )
        }
    }
}

extension ConnectorDefinition {
    /// Every jq program of the file with its place: steps, conditions, the dedupe key, and those of sources and sinks.
    package var programs: [Program] {
        var programs = fields.leaves { if case .jq = $0 { true } else { false } }
            .map { Program(text: $0.text, location: $0.location) }
        if let dedupe, case .expression(let text) = dedupe.key, let place = fields.optionalObject("dedupe") {
            programs.append(Program(text: text, location: place.location(of: "key")))
        }
        return programs.sorted { $0.location < $1.location }
    }
}
