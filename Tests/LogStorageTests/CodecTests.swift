import Compression
import NIOCore
import Testing

@Suite struct CodecTests {
    private let text = ByteBuffer(string: String(repeating: "one log, many readers; ", count: 20_000))

    @Test(arguments: Codec.allCases)
    func whatWasCompressedComesBack(codec: Codec) throws {
        for bytes in [text, ByteBuffer(), ByteBuffer(string: "x")] {
            let small = try codec.compress(bytes)
            #expect(try codec.decompress(small) == bytes)
        }
        #expect(try codec.compress(text).readableBytes < text.readableBytes / 10)
    }

    @Test(arguments: Codec.allCases)
    func aResultBeyondTheLimitIsRefused(codec: Codec) throws {
        let small = try codec.compress(text)
        do {
            _ = try codec.decompress(small, limit: 1000)
            Issue.record("460 KB came out of a limit of 1000 bytes")
        } catch {
            #expect(error.code == .tooLarge)
        }
    }

    @Test(arguments: Codec.allCases)
    func damagedAndCutBytesAreRefused(codec: Codec) throws {
        let small = try codec.compress(text)
        let cut = try #require(small.getSlice(at: 0, length: small.readableBytes - 9))
        #expect(throws: CompressionError.self) { try codec.decompress(cut) }
        #expect(throws: CompressionError.self) { try codec.decompress(ByteBuffer(repeating: 0xFF, count: 100)) }
    }

    @Test func snappyInXerialBlocksIsRead() throws {
        var framed = ByteBuffer(bytes: [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])
        for block in ["first ", "second ", "third"] {
            let small = try Codec.snappy.compress(ByteBuffer(string: block))
            framed.writeInteger(Int32(small.readableBytes))
            framed.writeImmutableBuffer(small)
        }
        #expect(try Codec.snappy.decompress(framed) == ByteBuffer(string: "first second third"))
    }
}
