/// What goes wrong in the demo's own world.
package struct DemoError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// A request to the ticket system that it cannot act on.
        case invalidTicket = "invalid_ticket"
        /// A ticket record that cannot be read.
        case invalidRecord = "invalid_record"
    }

    package let code: Code
    /// What happened, and what to do.
    package let message: String

    package var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
