import Foundation
import Yams

/// `docker-compose.yml`, as far as the tests ask.
struct ComposeFile {
    struct Service {
        let name: String
        let node: Node

        func strings(_ key: String) -> [String] { node[key]?.sequence.map { $0.compactMap(\.scalar?.string) } ?? [] }
        var command: [String] { strings("command") }
        var healthcheck: [String] {
            node["healthcheck"]?["test"]?.sequence.map { $0.compactMap(\.scalar?.string) } ?? []
        }
        /// Variables and what they are set to.
        var environment: [String: String] {
            var values: [String: String] = [:]
            for (key, value) in node["environment"]?.mapping ?? [:] {
                values[key.string ?? ""] = value.scalar?.string ?? ""
            }
            return values
        }
        /// Host side and container side of each published port, both as numbers.
        var ports: [(host: String, container: Int)] {
            strings("ports").compactMap { entry in
                guard let colon = entry.lastIndex(of: ":"), let port = Int(entry[entry.index(after: colon)...]) else {
                    return nil
                }
                return (String(entry[..<colon]), port)
            }
        }
        /// Source and target of each volume.
        var volumes: [(source: String, target: String)] {
            strings("volumes").map { entry in
                let parts = entry.split(separator: ":", maxSplits: 2).map(String.init)
                return (parts[0], parts.count > 1 ? parts[1] : "")
            }
        }
    }

    let root: Node
    let text: String

    init() throws {
        text = try Repository.text("docker-compose.yml")
        guard let root = try Yams.compose(yaml: text) else { throw CocoaError(.fileReadCorruptFile) }
        self.root = root
    }

    var services: [Service] {
        (root["services"]?.mapping ?? [:]).map { Service(name: $0.key.string ?? "", node: $0.value) }
    }

    func service(_ name: String) -> Service? { services.first { $0.name == name } }

    func names(of section: String) -> Set<String> {
        Set((root[section]?.mapping ?? [:]).compactMap { $0.key.string })
    }

    /// Variables that the file takes from the environment or `.env`.
    var variables: Set<String> { Set(text.matches(of: /\$\{([A-Z_]+)/).map { String($0.1) }) }
}
