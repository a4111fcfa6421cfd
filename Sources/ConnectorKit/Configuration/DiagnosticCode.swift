/// Every finding about configuration, with a number that never changes its meaning.
///
/// 100x text, 101x keys and values, 102x references, 103x connectors, 104x files and other parts, 105x tests, 106x
/// worker settings.
public enum DiagnosticCode: String, Sendable, Hashable, CaseIterable {
    case unreadableFile = "BB1001"
    case malformedYAML = "BB1002"
    case duplicateKey = "BB1003"
    case severalDocuments = "BB1004"
    case tooLarge = "BB1005"
    case unsupportedYAML = "BB1006"
    case tooMany = "BB1007"

    case unknownKey = "BB1010"
    case missingKey = "BB1011"
    case wrongType = "BB1012"
    case outOfRange = "BB1013"
    case invalidValue = "BB1014"
    case notExactlyOne = "BB1015"
    case deprecated = "BB1016"

    case malformedReference = "BB1020"
    case unresolvedReference = "BB1021"
    case misplacedReference = "BB1022"
    case literalSecret = "BB1023"

    case dedupeNeedsLog = "BB1030"
    case loop = "BB1031"
    case deadLetterLoop = "BB1032"
    case rejectNeedsPush = "BB1033"
    case unreachableRoute = "BB1034"
    case contradiction = "BB1035"
    case duplicateConnector = "BB1036"

    case missingFile = "BB1040"
    case unknownContract = "BB1041"
    case invalidExpression = "BB1042"

    case impossibleExpectation = "BB1050"

    case unknownVariable = "BB1060"

    /// What the code says, for `busbar explain` and the documentation.
    public var meaning: String {
        switch self {
        case .unreadableFile: "The file cannot be read, or is not UTF-8."
        case .malformedYAML: "The text is not YAML."
        case .duplicateKey: "A key stands twice in one mapping."
        case .severalDocuments: "The file holds more than one YAML document."
        case .tooLarge: "The file is larger, deeper or expands to more than configuration can be."
        case .unsupportedYAML: "The file uses a part of YAML that busbar does not read."
        case .tooMany: "There are more findings than are shown."
        case .unknownKey: "The key does not exist here."
        case .missingKey: "A required key is missing."
        case .wrongType: "The value is of another kind than the key takes."
        case .outOfRange: "The value is outside the range of the key."
        case .invalidValue: "The value does not follow the grammar of the key."
        case .notExactlyOne: "Exactly one of several keys must be given."
        case .deprecated: "The key still works and will go away."
        case .malformedReference: "A ${…} reference is not written as busbar reads it."
        case .unresolvedReference: "What a ${…} reference names does not exist."
        case .misplacedReference: "A ${…} reference stands where none is resolved."
        case .literalSecret: "A secret is written into the file."
        case .dedupeNeedsLog: "Only a connector that reads a topic can dedupe."
        case .loop: "The connector writes to a topic that it reads."
        case .deadLetterLoop: "The dead letter topic is also the connector's input or output."
        case .rejectNeedsPush: "Only a source with a waiting sender can reject."
        case .unreachableRoute: "A route can never be taken."
        case .contradiction: "Two settings contradict each other."
        case .duplicateConnector: "Two files define the same connector."
        case .missingFile: "A file that is referred to does not exist."
        case .unknownContract: "The contract does not exist."
        case .invalidExpression: "A jq program does not compile."
        case .impossibleExpectation: "A test expects what its input cannot bring about."
        case .unknownVariable: "An environment variable looks like a setting and is none."
        }
    }
}
