/// Why contracts cannot be checked at all: what they are to be compared with cannot be read.
package struct CheckError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, as a bounded label.
    package enum Code: String, Sendable, CaseIterable {
        /// A text that names no base.
        case invalidBase = "invalid_base"
        /// No subject of the folder is known to be a topic's, or several are.
        case unknownSubject = "unknown_subject"
        /// A folder or file cannot be read.
        case unreadable
        /// There is no `git` on this machine, or it could not be run.
        case noGit = "no_git"
        /// The folder is in no repository.
        case noRepository = "no_repository"
        /// The repository has no such commit, branch or tag.
        case unknownReference = "unknown_reference"
        /// The repository was cloned without the history that is needed.
        case shallow
        /// git failed otherwise.
        case git
        /// The registry does not answer, or not what it should.
        case registry

        /// Whether the command was given what cannot be carried out.
        package var isUsage: Bool {
            switch self {
            case .invalidBase, .unknownSubject, .unreadable: true
            case .noGit, .noRepository, .unknownReference, .shallow, .git, .registry: false
            }
        }
    }

    package let code: Code
    /// A sentence: what is wrong and what to do.
    package let message: String

    package var description: String { "\(message) [\(code.rawValue)]" }

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
