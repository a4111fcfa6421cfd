/// Whether Kafka would accept a topic's name.
enum TopicNaming {
    /// What is wrong with it, in Kafka's terms; `nil` when nothing is. (`org.apache.kafka.common.internals.Topic`.)
    static func problem(with name: String) -> String? {
        if name.isEmpty { return "topic name is empty" }
        if name == "." || name == ".." { return "topic name cannot be \".\" or \"..\"" }
        if name.utf8.count > 249 { return "topic name is longer than 249 characters" }
        return name.utf8.allSatisfy(isLegal)
            ? nil : "topic name contains a character other than ASCII letters, digits, '.', '_' and '-'"
    }

    private static func isLegal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
