internal import ArgumentParser
internal import Contracts
internal import Foundation
internal import JSON

/// Holds the instances of files against a contract, one after another, and shows each verdict.
///
/// Used by one task.
final class InstanceValidation {
    private let contract: Contract
    private let view: VerdictView
    /// What explains verdicts where the specification's output is asked for.
    private let evaluator: SchemaEvaluator?
    private let scratch = ValidationScratch()
    private let parser: JSONParser
    private var count = 0
    private(set) var invalid = 0

    /// - Throws: ``CommandFailure`` when a document that the contract refers to has gone.
    init(_ contract: Contract, view: VerdictView, limits: JSONLimits) throws {
        self.contract = contract
        self.view = view
        parser = JSONParser(limits: limits)
        do throws(ContractError) {
            evaluator = view.output == nil ? nil : try contract.evaluator()
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }

    /// `3 instances: 1 invalid`.
    var summary: String { "\(counted(count, "instance")): \(invalid) invalid" }

    /// - Parameter file: a path, or `-` for standard input.
    /// - Throws: ``CommandFailure`` when the file cannot be read.
    func run(_ file: String) async throws {
        let isOne = file.hasSuffix(".json")
        try await RecordInput(file: file, shape: isOne ? .whole : .lines).forEachBatch { instances in
            var output: [UInt8] = []
            for instance in instances { output += try judge(instance ?? [], from: file, isOne: isOne) }
            Output.bytes(output)
        }
    }

    private func judge(_ instance: [UInt8], from file: String, isOne: Bool) throws -> [UInt8] {
        defer { count += 1 }
        if let format = view.output, let evaluator {
            let unit = try unit(of: instance, evaluator)
            invalid += unit.isValid ? 0 : 1
            return view.bytes(unit, format)
        }
        let violations = violations(of: instance)
        invalid += violations.isEmpty ? 0 : 1
        return view.bytes(index: count, name: isOne ? file : nil, violations)
    }

    private func violations(of instance: [UInt8]) -> [Violation] {
        do {
            return try parser.withDocument(instance) { contract.violations(of: $0, using: scratch) }
        } catch {
            return [Violation(instance: "", keyword: "", message: "the instance is not JSON: \(error)")]
        }
    }

    private func unit(of instance: [UInt8], _ evaluator: SchemaEvaluator) throws -> OutputUnit {
        do {
            return try parser.withDocument(instance) { try evaluator.evaluate($0, using: scratch) }
        } catch let error as JSONError {
            return OutputUnit(notJSON: error)
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }
}

/// Verdicts as text.
struct VerdictView {
    /// DESIGN.md section 4's line; else lines for people.
    let isJSON: Bool
    /// The specification's output in place of either, nil when it is not asked for.
    let output: OutputFormat?
    let style: Style

    /// The output for one instance: a line of JSON.
    func bytes(_ unit: OutputUnit, _ format: OutputFormat) -> [UInt8] {
        var writer = JSONWriter()
        writer.output(unit, as: format)
        writer.newline()
        return writer.bytes
    }

    /// What is shown of one verdict: `index` counts instances over all files, from 0; `name` is that of a file that is one
    /// instance; `violations` is empty when it is valid.
    func bytes(index: Int, name: String?, _ violations: [Violation]) -> [UInt8] {
        isJSON ? json(index, violations) : Array(text(name ?? "instance \(index)", violations).utf8)
    }

    private func json(_ index: Int, _ violations: [Violation]) -> [UInt8] {
        var writer = JSONWriter()
        writer.verdict(index: index, violations: violations)
        writer.newline()
        return writer.bytes
    }

    private func text(_ name: String, _ violations: [Violation]) -> String {
        guard !violations.isEmpty else { return "\(name): \(style.green("valid"))\n" }
        let lines = violations.map { violation in
            let place = violation.instance.isEmpty ? "the document" : violation.instance
            let keyword = violation.keyword.isEmpty ? "" : style.dim(" (\(violation.keyword))")
            return "  \(place): \(violation.message)\(keyword)\n"
        }
        return "\(name): \(style.red("invalid"))\n" + lines.joined()
    }
}
