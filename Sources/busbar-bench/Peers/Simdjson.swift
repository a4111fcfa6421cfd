internal import Foundation

/// simdjson, as scripts/bench-peers.sh compiled it.
struct Simdjson {
    private let parse: @convention(c) (UnsafePointer<CChar>?, Int, Int64) -> Int64

    /// - Throws: that it is not there, with the command that compiles it.
    init(in environment: URL) throws {
        let path = environment.appending(path: "libbusbar-simdjson.so").path
        guard let library = dlopen(path, RTLD_NOW), let symbol = dlsym(library, "busbar_simdjson_parse") else {
            throw BenchError("\(path) cannot be loaded; run scripts/bench-peers.sh, or pass --alone")
        }
        parse = unsafeBitCast(symbol, to: (@convention(c) (UnsafePointer<CChar>?, Int, Int64) -> Int64).self)
    }

    func run(_ text: [UInt8], times: Int) throws -> Sample {
        try text.withUnsafeBytes { bytes in
            let stopwatch = Stopwatch()
            let parsed = parse(bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count, Int64(times))
            let sample = stopwatch.sample(times)
            guard parsed == times else { throw BenchError("simdjson parsed \(parsed) of \(times) documents") }
            return sample
        }
    }
}
