import KafkaProtocol
import NIOCore
import Testing

/// Whatever a client sends, decoding ends in a message or in a `ProtocolError`.
@Suite struct RequestRobustnessTests {
    @Test(arguments: Golden.requests) func everyTruncationIsATypedError(_ golden: Golden.Message) throws {
        for length in 0..<golden.bytes.readableBytes {
            let part = try #require(golden.bytes.getSlice(at: golden.bytes.readerIndex, length: length))
            do {
                _ = try Golden.decode(golden.api, golden.version, part)
                Issue.record("\(length) of \(golden.bytes.readableBytes) bytes were taken for a whole message")
            } catch let error as ProtocolError {
                #expect((0...length).contains(error.byteOffset))
                #expect(error.errorCode == .invalidRequest)
            }
        }
    }

    @Test(arguments: Golden.requests) func noMutationTraps(_ golden: Golden.Message) throws {
        let seed = UInt64(golden.api.rawValue) << 8 | UInt64(golden.version)
        var random = SplitMix(state: seed)
        for round in 0..<200 {
            var bytes = golden.bytes
            for _ in 0...random.below(4) { mutate(&bytes, with: &random) }
            do {
                _ = try Golden.decode(golden.api, golden.version, bytes)
            } catch let error as ProtocolError {
                #expect((0...bytes.readableBytes).contains(error.byteOffset), "seed \(seed), round \(round)")
            }
        }
    }

    @Test(arguments: Golden.requests) func anAbsurdLengthAnywhereIsATypedError(_ golden: Golden.Message) throws {
        let absurd: [[UInt8]] = [
            [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ]
        for length in absurd {
            for position in 0..<golden.bytes.readableBytes {
                var bytes = golden.bytes
                bytes.setBytes(length, at: bytes.readerIndex + position)
                do {
                    _ = try Golden.decode(golden.api, golden.version, bytes)
                } catch is ProtocolError {}
            }
        }
    }

    private func mutate(_ bytes: inout ByteBuffer, with random: inout SplitMix) {
        let count = bytes.readableBytes
        guard count > 0 else { return }
        let position = bytes.readerIndex + random.below(count)
        switch random.below(4) {
        case 0: bytes.setInteger(UInt8(random.below(256)), at: position)
        case 1: bytes.setInteger(UInt8(1) << UInt8(random.below(8)) ^ bytes.readableBytesView[position], at: position)
        case 2: bytes = bytes.getSlice(at: bytes.readerIndex, length: position - bytes.readerIndex) ?? bytes
        default: bytes.writeBytes([UInt8](repeating: UInt8(random.below(256)), count: random.below(9)))
        }
    }
}

/// A random sequence that a seed repeats (splitmix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
