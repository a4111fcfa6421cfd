/// A request as a ``FakeTarget`` saw it.
package struct TargetRequest: Sendable, Hashable {
    /// From 1, in the order in which the requests were complete; never starts anew.
    package let number: Int
    package let method: String
    /// With the query.
    package let path: String
    /// In the order of arrival; names as they were sent.
    package let headers: [Header]
    package let body: [UInt8]

    package struct Header: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

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

    package var idempotencyKey: String? { header("Idempotency-Key") }

    package var text: String { String(decoding: body, as: UTF8.self) }
}
