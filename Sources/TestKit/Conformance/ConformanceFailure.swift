/// A rule of `Sink` or `Source` that a connector broke.
package struct ConformanceFailure: Error, Sendable, CustomStringConvertible {
    /// Which rule, and what happened instead.
    package let description: String

    /// A sentence about the broken rule.
    package init(_ description: String) {
        self.description = description
    }

    static func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(ConformanceFailure) {
        if !condition { throw ConformanceFailure(message()) }
    }
}
