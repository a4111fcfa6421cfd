/// A 128-bit identifier: of a topic (KIP-516) or a log directory.
package struct KafkaUUID: Hashable, Sendable, CustomStringConvertible {
    package var high: UInt64
    package var low: UInt64

    /// All zero: "none".
    package static let zero = KafkaUUID(high: 0, low: 0)

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A random one of RFC 4122's version 4, as Kafka makes them; its text never starts with a dash, which a
    /// command line would take for an option.
    package static func random() -> KafkaUUID {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    package static func random(using generator: inout some RandomNumberGenerator) -> KafkaUUID {
        while true {
            let uuid = KafkaUUID(
                high: generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
                low: generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
            )
            if !uuid.description.hasPrefix("-") { return uuid }
        }
    }

    /// Kafka's own text form: base64 with the URL alphabet and no padding, 22 characters.
    package init?(_ text: String) {
        guard text.utf8.count == 22 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, character) in text.utf8.enumerated() {
            guard let digit = Self.alphabet.firstIndex(of: character).map(UInt64.init) else { return nil }
            // 22 digits hold 132 bits: the last four of the last digit are padding.
            let bits: UInt64 = index == 21 ? 2 : 6
            guard index < 21 || digit & 0xF == 0 else { return nil }
            high = high << bits | low >> (64 - bits)
            low = low << bits | digit >> (6 - bits)
        }
        self.init(high: high, low: low)
    }

    package var description: String {
        var text: [UInt8] = []
        for index in 0..<22 {
            let shift = 122 - 6 * index
            text.append(Self.alphabet[Int(sixBits(above: shift))])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private func sixBits(above shift: Int) -> UInt64 {
        let value: UInt64 =
            if shift >= 64 {
                high >> UInt64(shift - 64)
            } else if shift >= 0 {
                low >> UInt64(shift) | (shift == 0 ? 0 : high << UInt64(64 - shift))
            } else {
                low << UInt64(-shift)
            }
        return value & 0x3F
    }
}
