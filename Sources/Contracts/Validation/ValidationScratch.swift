import JSON

/// The memory that validation needs beside the contract: keep one per thread and lend it to every call.
///
/// Not `Sendable`. It grows to what the largest contract and instance needed and stays so.
package final class ValidationScratch {
    let matcher = PatternMatcher()
    /// One byte per member or element of the instances whose evaluation is being recorded: a stack of regions.
    var evaluated: [UInt8] = []
    /// Schema resources that validation has entered, outermost first.
    var scope: [Int32] = []
    /// Text of a string that has escapes.
    var text: [UInt8] = []

    package init() {}
}

/// Gathers violations and knows where in the instance validation is.
final class ViolationCollector {
    enum Step {
        case member(JSONKey)
        case element(Int)
    }

    var path: [Step]
    private(set) var violations: [Violation] = []
    let limit: Int

    var isFull: Bool { violations.count >= limit }

    init(limit: Int, path: [Step] = []) {
        self.limit = limit
        self.path = path
    }

    func append(_ violation: Violation) {
        if !isFull { violations.append(violation) }
    }

    /// The place in the instance as a JSON Pointer.
    var pointer: String {
        var text = ""
        for step in path {
            switch step {
            case .member(let key): JSONPointer.append(key.string, to: &text)
            case .element(let index): JSONPointer.append(String(index), to: &text)
            }
        }
        return text
    }
}

/// Bounds on the work of one validation. Beyond them an instance counts as invalid and the violation says why.
enum ValidationLimits {
    /// Schemas applied inside each other: bounds the machine stack. A little more than two for each level of a
    /// document of the default depth, which is what a recursive `$ref` takes. The 8 MiB of a pool thread also hold
    /// a debug build at this depth; under AddressSanitizer twice as many did not fit.
    static let depth = 1_100
    /// Schemas applied in all, plus the comparisons of `uniqueItems`, `enum` and `const`: bounds time, to about a
    /// tenth of a second for a small instance.
    static let steps = 500_000
    /// What each value of the instance adds to that.
    static let stepsPerValue = 64
}
