import NIOCore
import Testing

@testable import Broker

@Suite struct FrameAssemblerTests {
    private func frame(_ length: Int, fill: UInt8 = 7) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(Int32(length))
        buffer.writeRepeatingByte(fill, count: length)
        return buffer
    }

    /// Grants whatever is asked for and gathers the frames.
    private func frames(_ assembler: inout FrameAssembler) throws -> [ByteBuffer] {
        var frames: [ByteBuffer] = []
        while true {
            switch try assembler.next() {
            case .frame(let frame): frames.append(frame)
            case .needsMemory(let wanted): assembler.grant(wanted)
            case .incomplete: return frames
            }
        }
    }

    @Test(arguments: [1, 2, 3, 5, 7, 64, 1_000])
    func framesAreTheSameHoweverTheBytesArrive(piece: Int) throws {
        var sent = ByteBuffer()
        for (length, fill) in [(8, UInt8(1)), (100, 2), (5_000, 3), (9, 4)] {
            sent.writeImmutableBuffer(frame(length, fill: fill))
        }
        var assembler = FrameAssembler(limit: 10_000)
        var received: [ByteBuffer] = []
        while sent.readableBytes > 0 {
            guard let bytes = sent.readSlice(length: min(piece, sent.readableBytes)) else { break }
            assembler.append(bytes)
            received += try frames(&assembler)
        }
        #expect(received.map(\.readableBytes) == [8, 100, 5_000, 9])
        #expect(received.map { $0.readableBytesView.first } == [1, 2, 3, 4])
        #expect(!assembler.isMidFrame)
    }

    @Test func aLargeRequestIsGivenMemoryOnlyAsItArrives() throws {
        let length = 8 << 20
        var assembler = FrameAssembler(limit: 16 << 20)
        var sent = frame(length)
        assembler.append(sent.readSlice(length: 100) ?? ByteBuffer())
        let first = try assembler.next()
        #expect(first == .needsMemory(wanted: FrameAssembler.smallFrame))
        assembler.grant(FrameAssembler.smallFrame)
        let second = try assembler.next()
        #expect(second == .incomplete)
        var granted = FrameAssembler.smallFrame
        var received: [ByteBuffer] = []
        while let piece = sent.readSlice(length: min(65_536, sent.readableBytes)), piece.readableBytes > 0 {
            assembler.append(piece)
            while true {
                let step = try assembler.next()
                if case .needsMemory(let wanted) = step {
                    granted += wanted
                    assembler.grant(wanted)
                    #expect(granted <= max(2 * (length - sent.readableBytes), FrameAssembler.smallFrame))
                    continue
                }
                if case .frame(let frame) = step { received.append(frame) }
                break
            }
        }
        #expect(received.map(\.readableBytes) == [length])
        #expect(granted == length)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n", "the client speaks HTTP"),
        ("\u{16}\u{03}\u{01}\u{02}hello", "the client speaks TLS, and this port does not"),
        ("\u{0}\u{0}\u{0}\u{7}", "a request of 7 bytes, outside of 8 to 1000"),
        ("\u{0}\u{0}\u{4}\u{0}", "a request of 1024 bytes, outside of 8 to 1000"),
        ("\u{7f}\u{7f}\u{7f}\u{7f}", "a request of 2139062143 bytes, outside of 8 to 1000"),
    ])
    func aLengthThatCannotBeIsRefusedBeforeAnythingIsHeld(bytes: String, reason: String) {
        var assembler = FrameAssembler(limit: 1_000)
        assembler.append(ByteBuffer(string: bytes))
        #expect(throws: FrameAssembler.Refusal(reason: reason)) { try assembler.next() }
        #expect(assembler.granted == 0)
    }

    @Test func aNegativeLengthIsRefused() {
        var assembler = FrameAssembler(limit: 1_000)
        assembler.append(ByteBuffer(bytes: [0xFF, 0xFF, 0xFF, 0xFF]))
        #expect(throws: FrameAssembler.Refusal.self) { try assembler.next() }
    }
}
