/// A claim of a conformance suite that does not hold.
package struct ConformanceFailure: Error, CustomStringConvertible {
    /// What was expected, and what was there instead.
    package let message: String
    package let fileID: String
    package let line: Int

    package init(_ message: String, fileID: String = #fileID, line: Int = #line) {
        self.message = message
        self.fileID = fileID
        self.line = line
    }

    package var description: String { "\(fileID):\(line): \(message)" }

    package static func require(
        _ condition: Bool,
        _ message: @autoclosure () -> String,
        fileID: String = #fileID,
        line: Int = #line
    ) throws(ConformanceFailure) {
        if !condition { throw ConformanceFailure(message(), fileID: fileID, line: line) }
    }
}
