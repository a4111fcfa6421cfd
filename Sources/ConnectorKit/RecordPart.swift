internal import Log

/// One part of a record: in the log's memory until somebody sets it.
enum Part<Own: Sendable>: Sendable {
    /// As the message has it, which is held.
    case lent(MessageView)
    case own(Own)
}

extension Part<String> {
    /// An id; that of a message is `<topic>/<partition>/<offset>`.
    var text: String {
        switch self {
        case .lent(let message):
            let partition = message.topicPartition
            return "\(partition.topic.rawValue)/\(partition.partition.rawValue)/\(message.offset.rawValue)"
        case .own(let text):
            return text
        }
    }
}

extension Part<[UInt8]?> {
    /// Calls `body` with the bytes of a key; the buffer is valid inside `body` only.
    func withBytes<R>(_ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
        switch self {
        case .lent(let message): try body(message.key)
        case .own(let bytes?): try bytes.withUnsafeBytes { try body($0) }
        case .own(nil): try body(nil)
        }
    }
}

extension Part<[Header]> {
    /// All of them, copied where they are lent.
    var headers: [Header] {
        switch self {
        case .lent(let message): message.headers()
        case .own(let headers): headers
        }
    }

    func forEach(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void) {
        switch self {
        case .lent(let message):
            message.forEachHeader(body)
        case .own(let headers):
            for header in headers {
                Array(header.name.utf8).withUnsafeBytes { name in
                    guard let value = header.value else { return body(name, nil) }
                    value.withUnsafeBytes { body(name, $0) }
                }
            }
        }
    }

    /// The text of the first header called `name`; `nil` when there is none or its value is null.
    func text(ofFirst name: String) -> String? {
        switch self {
        case .lent(let message):
            var isFound = false
            var text: String?
            message.forEachHeader { headerName, value in
                guard !isFound, headerName.elementsEqual(name.utf8) else { return }
                isFound = true
                text = value.map { String(decoding: $0, as: UTF8.self) }
            }
            return text
        case .own(let headers):
            return headers.first { $0.name == name }?.text
        }
    }
}
