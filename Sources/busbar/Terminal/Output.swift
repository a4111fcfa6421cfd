internal import Foundation

/// Data on standard output, everything else on standard error.
enum Output {
    /// Writes one line of data.
    static func line(_ text: String) {
        bytes(Array((text + "\n").utf8))
    }

    /// Writes data as it is.
    static func bytes(_ bytes: [UInt8]) {
        FileHandle.standardOutput.write(Data(bytes))
    }

    /// Says something about the data.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
