import Testing

@testable import Broker

@Suite struct TopicSettingTests {
    @Test func everyDefaultIsAValueThatItsSettingTakes() {
        for setting in TopicSetting.allCases {
            #expect(setting.problem(with: setting.defaultValue) == nil, "\(setting.rawValue)")
        }
    }

    @Test(arguments: [
        ("cleanup.policy", "delete,compact", true), ("cleanup.policy", "compact , delete", true),
        ("cleanup.policy", "", false), ("cleanup.policy", "shred", false),
        ("retention.ms", "-1", true), ("retention.ms", "-2", false), ("retention.ms", "1h", false),
        ("segment.bytes", "13", false), ("segment.bytes", "2147483648", false),
        ("message.timestamp.type", "LogAppendTime", true), ("message.timestamp.type", "logappendtime", false),
        ("min.cleanable.dirty.ratio", "1.1", false), ("preallocate", "yes", false), ("made.up", "1", false),
    ])
    func valuesAreHeldAgainstKafkasRanges(name: String, value: String, isRight: Bool) {
        #expect((TopicSetting.problem(with: value, of: name) == nil) == isRight)
    }

    @Test(arguments: ["", ".", "..", "a/b", "ä", "a b", String(repeating: "x", count: 250)])
    func namesThatKafkaRefusesAreRefused(name: String) {
        #expect(TopicNaming.problem(with: name) != nil)
    }

    @Test(arguments: ["a", "a.b-c_d", "...", String(repeating: "x", count: 249)])
    func namesThatKafkaTakesAreTaken(name: String) {
        #expect(TopicNaming.problem(with: name) == nil)
    }
}
