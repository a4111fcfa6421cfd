/// Why a test's broker could not be had.
package struct TestBrokerError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
