internal import Subprocess
internal import SystemPackage

/// The repository that a folder is in, by way of the `git` of this machine.
package struct GitRepository: Sendable {
    /// What a run of git came to.
    struct Answer: Sendable {
        let status: Int32
        let output: [UInt8]
        let errors: String

        /// Output without white space around it.
        var text: String {
            let text = String(decoding: output, as: UTF8.self)
            let trimmed = text.drop { $0.isWhitespace }
            return String(trimmed.reversed().drop { $0.isWhitespace }.reversed())
        }

        /// The last line of what git says went wrong.
        var complaint: String {
            errors.split(separator: "\n").last.map(String.init) ?? "it ended with status \(status)"
        }
    }

    /// Bytes of one answer of git: all contracts of a commit.
    static let maxBytes = 1 << 30

    /// The folder of contracts.
    let folder: String

    /// - Throws: `noGit`, or `noRepository` with what git says.
    package init(containing folder: String) async throws(CheckError) {
        self.folder = folder
        let answer = try await run(["rev-parse", "--is-inside-work-tree"])
        guard answer.status == 0, answer.text == "true" else {
            let reason = answer.status == 0 ? "it is no work tree" : answer.complaint
            throw CheckError(
                .noRepository,
                "\(folder): git does not take it for a folder of a repository (\(reason)); name what to compare with, "
                    + "--base dir:PATH or --base registry:URL, or --base none to compare each version with those before it"
            )
        }
    }

    /// Runs git in the folder, with its messages in English.
    /// - Throws: `noGit` when it cannot be run.
    func run(_ arguments: [String], input: [UInt8] = []) async throws(CheckError) -> Answer {
        do {
            let result = try await Subprocess.run(
                .name("git"),
                arguments: Arguments(["-C", folder] + arguments),
                environment: .inherit.updating(["LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"]),
                input: .array(input),
                output: .bytes(limit: Self.maxBytes),
                error: .string(limit: 1 << 20)
            )
            return Answer(
                status: Self.status(result.terminationStatus),
                output: result.standardOutput,
                errors: result.standardError
            )
        } catch {
            throw Self.failure(error)
        }
    }

    private static func status(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }

    private static func failure(_ error: any Error) -> CheckError {
        guard let error = error as? SubprocessError else { return CheckError(.git, "git could not be run: \(error)") }
        if error.code == .executableNotFound {
            return CheckError(
                .noGit,
                "there is no git on this machine; install it, or name what to compare with: --base dir:PATH or "
                    + "--base registry:URL"
            )
        }
        if error.code == .outputLimitExceeded {
            return CheckError(.git, "git answers with more than \(maxBytes >> 30) GiB; name fewer contracts")
        }
        return CheckError(.git, "git could not be run: \(error)")
    }
}
