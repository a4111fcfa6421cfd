internal import ArgumentParser

extension ExitCode {
    /// What was asked about is there: findings, failed tests, invalid instances.
    static let found = ExitCode(2)
    /// The command line cannot be carried out as it is (`EX_USAGE` of sysexits.h).
    static let usage = ExitCode(64)
    /// Settings, connector files or contracts cannot be used (`EX_CONFIG` of sysexits.h).
    static let configuration = ExitCode(78)
}

/// Ends a command with a sentence on standard error.
struct CommandFailure: Error {
    let code: ExitCode
    let message: String

    init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// Runs a command's work; a failure becomes its sentence on standard error and its exit code.
///
/// What is not a ``CommandFailure`` is described as it is, and the code is 1.
func reportingFailures(_ work: () async throws -> Void) async throws {
    do {
        try await work()
    } catch let code as ExitCode {
        throw code
    } catch let failure as CommandFailure {
        Output.note("busbar: \(failure.message)")
        throw failure.code
    } catch {
        Output.note("busbar: \(error)")
        throw ExitCode.failure
    }
}
