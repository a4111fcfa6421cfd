internal import Delivery

extension ConnectorCatalogue {
    static var testFields: [FieldSpec] {
        [
            FieldSpec(
                "name",
                .string,
                .required,
                doc: "What is claimed, as a sentence.",
                example: "an opened issue becomes a ticket"
            ),
            FieldSpec(
                "input",
                .list(.union(inputPayloads, common: inputFields), count: 1...1000),
                .required,
                doc: "The records that come in, in order.",
                example: "[ { json: {} } ]"
            ),
            FieldSpec(
                "faults",
                .list(.object(faultFields)),
                .byDefault("[]"),
                doc: "What the target does instead of answering well, in order."
            ),
            FieldSpec(
                "expect",
                .object(expectationFields),
                .required,
                doc: "What must have happened to every record.",
                example: "{ delivered: 1 }"
            ),
        ]
    }

    private static var inputPayloads: [FieldSpec] {
        [
            FieldSpec(
                "file",
                .path,
                doc: "File with the payload, looked for beside the connector file, then in the working directory."
            ),
            FieldSpec("json", .json, doc: "The payload as a YAML value."),
            FieldSpec("text", .string, doc: "The payload as text."),
            FieldSpec("base64", .string, doc: "The payload's bytes in base64."),
            FieldSpec("tombstone", .bool, doc: "`true` for a record without a value."),
        ]
    }

    private static var inputFields: [FieldSpec] {
        [
            FieldSpec("headers", .map(.string), .byDefault("{}"), doc: "Headers of the record."),
            FieldSpec("key", .string, doc: "Key of the record."),
            FieldSpec("times", .int(1...100_000), .byDefault("1"), doc: "How many times the record comes in."),
        ]
    }

    private static var faultFields: [FieldSpec] {
        [
            FieldSpec(
                "sink",
                .oneOf([.int(400...599), .choice(["hang", "reset"])]),
                .required,
                doc: "An HTTP status, no answer (`hang`) or a broken connection (`reset`).",
                example: "503"
            ),
            FieldSpec("times", .int(1...100_000), .byDefault("1"), doc: "For how many attempts."),
            FieldSpec("retry_after", .duration(), doc: "Sent along as Retry-After."),
        ]
    }

    private static var expectationFields: [FieldSpec] {
        let count = FieldType.int(0...100_000_000)
        let reasons = DeadLetterReason.allCases.map {
            FieldSpec($0.rawValue, count, doc: "Records dead-lettered as `\($0.rawValue)`.")
        }
        return [
            FieldSpec("delivered", count, doc: "Records delivered."),
            FieldSpec("filtered", count, doc: "Records filtered."),
            FieldSpec("duplicate", count, doc: "Records that dedupe passed over."),
            FieldSpec("rejected", count, doc: "Records refused to their sender."),
            FieldSpec(
                "dead_lettered",
                .oneOf([count, .object(reasons)]),
                doc: "Records dead-lettered: how many, or how many by reason."
            ),
            FieldSpec(
                "requests",
                .list(.object(requestFields)),
                .byDefault("[]"),
                doc: "Requests that the target must have seen, in any order."
            ),
            FieldSpec(
                "records",
                .list(.object(recordFields)),
                .byDefault("[]"),
                doc: "Records that must have been written, in any order."
            ),
        ]
    }

    private static var requestFields: [FieldSpec] {
        [
            FieldSpec("json_contains", .json, doc: "The body holds at least these members."),
            FieldSpec("json_equals", .json, doc: "The body is this value."),
            FieldSpec("body_equals", .string, doc: "The body is this text."),
            FieldSpec("headers", .map(.string), .byDefault("{}"), doc: "Headers that the request carries."),
        ]
    }

    private static var recordFields: [FieldSpec] {
        [
            FieldSpec("topic", .topic, doc: "Where the record was written."),
            FieldSpec("json_contains", .json, doc: "The value holds at least these members."),
            FieldSpec("json_equals", .json, doc: "The value is this one."),
            FieldSpec("key", .string, doc: "The record's key."),
            FieldSpec("headers", .map(.string), .byDefault("{}"), doc: "Headers that the record carries."),
        ]
    }
}
