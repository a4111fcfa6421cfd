import Contracts
import JSON

@testable import SchemaCheck

/// Contracts in memory, held against others.
enum CheckInput {
    static let owner = "owner: shop\n"

    /// Checks `files`, by path in the folder, against `released`, nil when nothing is. A subject without a `subject.yaml`
    /// gets one, unless `isBare`.
    static func check(
        _ files: [String: String],
        released: [String: String]? = nil,
        isWhole: Bool = true,
        connectors: [ConnectorUse] = [],
        isBare: Bool = false,
        subjects: Set<String>? = nil,
        _ change: (inout SchemaCheck.Settings) -> Void = { _ in }
    ) async -> CheckReport {
        var settings = SchemaCheck.Settings()
        change(&settings)
        let base = ReleasedContracts(tree(released ?? [:], isBare: isBare), isWhole: isWhole, name: "before")
        return await SchemaCheck(folder: "schemas", settings: settings, connectors: connectors)
            .run(tree(files, isBare: isBare), released: base, subjects: subjects)
    }

    static func tree(_ files: [String: String], isBare: Bool = false) -> SchemaTree {
        var tree = SchemaTree()
        if !isBare {
            for path in files.keys where path.contains("/") && !path.hasPrefix(".") {
                tree.add("\(path.prefix { $0 != "/" })/subject.yaml", Array(owner.utf8))
            }
        }
        for (path, text) in files { tree.add(path, Array(text.utf8)) }
        return tree
    }
}

extension CheckReport {
    /// `RULE subject v2 file:line:column` of each error, in order.
    var errorPlaces: [String] { places(of: .error) }
    var warningPlaces: [String] { places(of: .warning) }

    private func places(of severity: CheckFinding.Severity) -> [String] {
        findings.filter { $0.severity == severity }.map { "\($0.rule) \($0.title) \($0.place.text)" }
    }
}
