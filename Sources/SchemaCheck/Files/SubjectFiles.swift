internal import Contracts

/// The files of one subject, as they are.
package struct SubjectFiles: Sendable, Equatable {
    /// A document that a version must accept, or refuse.
    package struct Example: Sendable, Equatable {
        /// From the folder of contracts, such as `orders/examples/small.json`.
        package let path: String
        /// The version that it is of; nil for the newest.
        package let version: Int?
        /// Whether the version must refuse it.
        package let isCounterexample: Bool
        package let bytes: [UInt8]
    }

    /// The bytes of `subject.yaml`; nil when there is none.
    package internal(set) var description: [UInt8]?
    /// Schemas by number.
    package internal(set) var versions: [Int: [UInt8]] = [:]
    /// Names of `.json` files that are no version.
    package internal(set) var strays: Set<String> = []
    /// By path.
    package internal(set) var examples: [String: Example] = [:]

    /// The newest version; 0 without any.
    package var latest: Int { versions.keys.max() ?? 0 }
}

/// What a file of a folder of contracts is, by its path in it.
enum FolderFile: Equatable {
    case description(subject: String)
    case version(subject: String, Int)
    /// A `.json` file where versions lie.
    case stray(subject: String, name: String)
    /// `examples/NAME.json`, `examples/v2/NAME.json`, and the same under `counterexamples`.
    case example(subject: String, version: Int?, isCounterexample: Bool)
    /// The file of pins, or the copy of a pinned document.
    case pins

    /// nil for what does not matter to contracts.
    init?(_ path: String) {
        if path == ReferencePins.lockFile || ReferencePins.isCopy(path) {
            self = .pins
            return
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts.count <= 4, !parts.contains(where: { $0.isEmpty || $0.hasPrefix(".") }) else {
            return nil
        }
        let subject = String(parts[0])
        if parts.count == 2 {
            self.init(subject: subject, file: parts[1])
            return
        }
        let kinds: [Substring: Bool] = ["examples": false, "counterexamples": true]
        guard let isCounterexample = kinds[parts[1]], parts.last?.hasSuffix(".json") == true else { return nil }
        guard parts.count == 4 else {
            self = .example(subject: subject, version: nil, isCounterexample: isCounterexample)
            return
        }
        guard let version = Self.version(parts[2]) else { return nil }
        self = .example(subject: subject, version: version, isCounterexample: isCounterexample)
    }

    private init?(subject: String, file: Substring) {
        if file == "subject.yaml" {
            self = .description(subject: subject)
        } else if file.hasSuffix(".json") {
            self =
                Self.version(file.dropLast(5)).map { .version(subject: subject, $0) }
                ?? .stray(subject: subject, name: String(file))
        } else {
            return nil
        }
    }

    /// The number in `v1`, `v2`, …
    private static func version(_ text: Substring) -> Int? {
        guard let number = Int(text.dropFirst()), number >= 1, text == "v\(number)" else { return nil }
        return number
    }
}
