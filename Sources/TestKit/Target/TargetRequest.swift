/// A request as a ``FakeTarget`` saw it.
package struct TargetRequest: Sendable, Hashable {
    /// From 1, in the order in which the requests were complete; never starts anew.
    package let number: Int
    /// As it was sent.
    package let method: String
    /// With the query.
    package let path: String
    /// In the order of arrival; names as they were sent.
    package let headers: [Header]
    /// Put together from all of its parts.
    package let body: [UInt8]

    /// A header line.
    package struct Header: Sendable, Hashable {
        /// In the case in which it was sent.
        package let name: String
        /// Without white space at its ends.
        package let value: String

        /// A header line.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// For targets; tests read requests.
    package init(number: Int, method: String, path: String, headers: [Header], body: [UInt8]) {
        self.number = number
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }

    /// The first header called `name`, in any case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The key by which the target has each effect once.
    package var idempotencyKey: String? { header("Idempotency-Key") }

    /// The body as UTF-8.
    package var text: String { String(decoding: body, as: UTF8.self) }
}
