internal import Foundation

/// Data on standard output, everything else on standard error.
enum Output {
    /// Writes one line of data.
    static func line(_ text: String) {
        bytes(Array((text + "\n").utf8))
    }

    /// Writes data as it is.
    static func bytes(_ bytes: [UInt8]) {
        write(Data(bytes), to: .standardOutput)
    }

    /// Says something about the data.
    static func note(_ text: String) {
        write(Data((text + "\n").utf8), to: .standardError)
    }

    private static func write(_ data: Data, to handle: FileHandle) {
        do {
            try handle.write(contentsOf: data)
        } catch {
            // Nobody reads any more (`busbar tap … | head`), or the disk is full: there is nobody to tell.
            exit(EXIT_FAILURE)
        }
    }
}
