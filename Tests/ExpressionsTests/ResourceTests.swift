import Glibc
import JSON
import Synchronization
import Testing

@testable import Expressions

@Suite struct ResourceTests {
    fileprivate static let event =
        #"{"action":"labeled","issue":{"number":1,"title":"a \"quoted\" title","labels":["bug","incident"],"#
        + #""user":{"login":"x","id":12345}},"n":[1,2.5,-3,null,true]}"#

    /// In a process of its own, so that only this work moves its memory.
    @Test(.timeLimit(.minutes(2)))
    func returnsAllMemoryOfRecords() async {
        await #expect(processExitsWith: .success) {
            let records = try Records()
            try records.evaluate(500)
            let before = residentBytes()
            try records.evaluate(3500)
            let growth = residentBytes() - before
            #expect(growth < 1 << 20, "\(growth) bytes")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func returnsAllMemoryOfInexactRecordsAndOfHaltedRuns() async {
        await #expect(processExitsWith: .success) {
            let records = try HardRecords()
            try records.evaluate(300)
            let before = residentBytes()
            try records.evaluate(1500)
            let growth = residentBytes() - before
            #expect(growth < 2 << 20, "\(growth) bytes")
        }
    }

    /// Four threads of their own, each with its evaluators; one program is compiled on this thread and used on another.
    @Test(.timeLimit(.minutes(2)))
    func evaluatesOnSeveralThreadsAtOnce() throws {
        let programs = try ["{a: .n, t: (.issue.title | test(\"quoted\"))}", "if .spin then (def f: f; f) else .n end"]
            .map { try Program($0) }
        let work = ThreadWork(programs: programs, event: Self.event)
        let threads = (0..<4).map { _ in startThread { work.run() } }
        for thread in threads { pthread_join(thread, nil) }
        #expect(work.outcome == ThreadWork.Outcome(results: 4 * 300, stopped: 4 * 3, wrong: []))
    }

    private func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(ThreadBody(run: body))
        pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            box.toOpaque()
        )
        return thread
    }
}

private func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 128)
    guard fgets(&buffer, 128, file) != nil else { return 0 }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let fields = text.split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * sysconf(Int32(_SC_PAGESIZE))
}

/// Ordinary records through programs that succeed, fail, and use bindings.
private struct Records {
    private let parser = JSONParser()
    private let bindings = Bindings(headers: [("a", "b")], key: "k")
    private let evaluators: [Evaluator]

    private static let programs = [
        ".issue.labels | any(. == \"incident\")",
        "{t: .issue.title, l: [.issue.labels[] | \"\\(.)!\"], n: (.n | map(. // 0))}",
        ".issue.user.missing | keys", ".issue.title | tonumber", "$headers.a + $key", ".[] | select(. == 1)",
    ]

    init() throws {
        evaluators = try Self.programs.map { try Evaluator(Program($0)) }
    }

    func evaluate(_ count: Int) throws {
        for _ in 0..<count {
            for evaluator in evaluators {
                do {
                    var bytes: [UInt8] = []
                    try parser.withDocument(ResourceTests.event) {
                        try evaluator.map($0, bindings: bindings, into: &bytes)
                    }
                } catch is ExpressionError {
                    // Errors must not leak either.
                }
            }
        }
    }
}

/// Records with numbers that no double holds, and now and then one that is stopped.
private struct HardRecords {
    private let parser = JSONParser()
    private let exact: Evaluator
    private let rounding: Evaluator
    private let looping: Evaluator

    init() throws {
        exact = try Evaluator(Program("[.id, (.id | tostring)]"))
        rounding = try Evaluator(Program(".id + 1"))
        let limits = ExpressionLimits(time: .milliseconds(1))
        looping = try Evaluator(Program("[range(.n)] | length"), limits: limits)
    }

    func evaluate(_ count: Int) throws {
        for index in 0..<count {
            var bytes: [UInt8] = []
            try parser.withDocument(#"{"id":9007199254740993}"#) { try exact.map($0, into: &bytes) }
            try fail(.inexactNumber) {
                try parser.withDocument(#"{"id":9007199254740993}"#) { try rounding.map($0, into: &bytes) }
            }
            guard index % 100 == 0 else { continue }
            try fail(.timeLimit) { _ = try parser.withDocument(#"{"n":100000000}"#) { try looping.filter($0) } }
        }
    }

    private func fail(_ code: ExpressionError.Code, _ body: () throws -> Void) throws {
        do {
            try body()
            Issue.record("nothing failed")
        } catch let error as ExpressionError {
            #expect(error.code == code)
        }
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

private final class ThreadWork: Sendable {
    struct Outcome: Equatable {
        var results = 0
        var stopped = 0
        var wrong: [String] = []
    }

    private let programs: [Program]
    private let event: String
    private let state = Mutex(Outcome())

    init(programs: [Program], event: String) {
        self.programs = programs
        self.event = event
    }

    var outcome: Outcome { state.withLock { $0 } }

    func run() {
        do {
            let limits = ExpressionLimits(time: .milliseconds(20))
            let evaluators = try programs.map { try Evaluator($0, limits: limits) }
            let parser = JSONParser()
            for index in 0..<300 {
                var bytes: [UInt8] = []
                try parser.withDocument(event) { try evaluators[0].map($0, into: &bytes) }
                note(String(decoding: bytes, as: UTF8.self) == #"{"a":[1,2.5,-3,null,true],"t":true}"#, "\(index)")
                if index % 100 == 0 { try spin(evaluators[1], parser) }
            }
        } catch {
            state.withLock { $0.wrong.append("\(error)") }
        }
    }

    private func spin(_ evaluator: Evaluator, _ parser: JSONParser) throws {
        do {
            _ = try parser.withDocument(#"{"spin":true}"#) { try evaluator.filter($0) }
            state.withLock { $0.wrong.append("a loop ended") }
        } catch let error as ExpressionError where error.code == .timeLimit {
            state.withLock { $0.stopped += 1 }
        }
    }

    private func note(_ isRight: Bool, _ text: String) {
        state.withLock { outcome in
            if isRight { outcome.results += 1 } else { outcome.wrong.append(text) }
        }
    }
}
