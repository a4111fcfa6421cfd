import Testing

@testable import Broker

/// Subjects as Java's `X500Principal.getName()` writes them; the expected texts are what OpenJDK 17 printed for
/// certificates with these subjects.
@Suite struct DistinguishedNameTests {
    /// One attribute: its object identifier in DER, the tag of its value, and the value.
    struct Attribute: Sendable {
        let type: [UInt8]
        let tag: UInt8
        let value: [UInt8]

        init(_ type: [UInt8], _ value: String, tag: UInt8 = 0x0C) {
            self.type = type
            self.value = Array(value.utf8)
            self.tag = tag
        }

        static func commonName(_ value: String) -> Attribute { Attribute([0x55, 4, 3], value) }
        static func organization(_ value: String) -> Attribute { Attribute([0x55, 4, 10], value) }
        static func unit(_ value: String) -> Attribute { Attribute([0x55, 4, 11], value) }
        static func domain(_ value: String) -> Attribute {
            Attribute([0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 1, 25], value, tag: 0x16)
        }
        static func userID(_ value: String) -> Attribute {
            Attribute([0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 1, 1], value)
        }
        static func email(_ value: String) -> Attribute {
            Attribute([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 1], value, tag: 0x16)
        }
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        switch content.count {
        case ..<128: [tag, UInt8(content.count)] + content
        case ..<256: [tag, 0x81, UInt8(content.count)] + content
        default: [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
        }
    }

    private static func name(_ sets: [[Attribute]]) -> [UInt8] {
        element(
            0x30,
            sets.flatMap { set in
                element(
                    0x31,
                    set.flatMap { element(0x30, element(6, $0.type) + element($0.tag, $0.value)) }
                )
            }
        )
    }

    /// As much of a certificate as stands before and after its subject (RFC 5280 section 4.1).
    private static func certificate(_ sets: [[Attribute]], hasVersion: Bool = true) -> [UInt8] {
        let version = hasVersion ? element(0xA0, element(2, [2])) : []
        let issuer = name([[.commonName("an authority")]])
        let fields = version + element(2, [1]) + element(0x30, []) + issuer + element(0x30, []) + name(sets)
        return element(0x30, element(0x30, fields + element(0x30, [])) + element(0x30, []) + element(3, [0]))
    }

    @Test(
        arguments: [
            ([[.organization("busbar")], [.unit("ops")], [.commonName("alice")]], "CN=alice,OU=ops,O=busbar"),
            ([[.commonName("a,b+c\"d\\e<f>g;h=i#j")]], "CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\=i\\#j"),
            ([[.commonName("#hash ")]], "CN=\\#hash\\ "),
            ([[.commonName("  a  b  ")]], "CN=\\ \\ a  b\\ \\ "),
            ([[.commonName("   ")]], "CN=\\ \\ \\ "),
            ([[.commonName("ünï 漢字")]], "CN=ünï 漢字"),
            ([[.organization("x"), .unit("y")], [.commonName(" lead")]], "CN=\\ lead,O=x+OU=y"),
            (
                [[.domain("example")], [.domain("com")], [.userID("u1")], [.email("a@b.c")]],
                "1.2.840.113549.1.9.1=#16056140622e63,UID=u1,DC=com,DC=example"
            ),
            ([], ""),
        ] as [([[Attribute]], String)]
    )
    func aSubjectReadsAsInJava(sets: [[Attribute]], name: String) {
        #expect(DistinguishedName.subject(ofDER: Self.certificate(sets)) == name)
        #expect(DistinguishedName.subject(ofDER: Self.certificate(sets, hasVersion: false)) == name)
    }

    @Test func aLongSubjectIsReadWhole() {
        let long = String(repeating: "x", count: 300)
        #expect(DistinguishedName.subject(ofDER: Self.certificate([[.commonName(long)]])) == "CN=\(long)")
    }

    @Test func whatIsCutOffOrLiesAboutItsLengthHasNoName() {
        let whole = Self.certificate([[.organization("busbar")], [.commonName("alice")]])
        for end in whole.indices {
            #expect(DistinguishedName.subject(ofDER: Array(whole[..<end])) == nil, "cut off at \(end)")
        }
        for index in whole.indices {
            var lying = whole
            lying[index] = 0xFF
            let found = DistinguishedName.subject(ofDER: lying)
            #expect(found == nil || found?.contains("=") == true, "byte \(index)")
        }
    }
}
