import KafkaProtocol
import NIOCore
import Testing

@Suite struct GoldenResponseTests {
    @Test func thereIsAFixtureForEveryVersionServed() {
        let fixtures = Set(Golden.responses.flatMap(\.messages).map { "\($0.api) \($0.version)" })
        let served = APIKey.served.filter { $0 != .apiVersions }
            .flatMap { api in (api.supportedVersions ?? 0...0).map { "\(api) \($0)" } }
        #expect(fixtures == Set(served))
    }

    @Test(arguments: Golden.responses.indices) func everyVersionIsWrittenByteForByte(_ index: Int) {
        let response = Golden.responses[index]
        for golden in response.messages {
            var writer = WireWriter(flexible: golden.api.isFlexible(golden.version))
            response.body.write(to: &writer, version: golden.version)
            #expect(writer.buffer.hex == golden.bytes.hex, "\(golden.api) \(golden.version)")
            #expect(writer.gaps == [])
        }
    }

    @Test func apiVersionsIsWrittenByteForByte() {
        let response = APIVersionsResponse(
            errorCode: .unsupportedVersion,
            apiKeys: [.init(apiKey: .produce, versions: 0...10), .init(apiKey: .fetch, versions: 4...16)],
            throttleTimeMs: 7
        )
        let keys = "0000" + "0000" + "000a" + "0001" + "0004" + "0010"
        let frames: [Int16: String] = [
            0: "00000016" + "00000001" + "0023" + "00000002" + keys,
            2: "0000001a" + "00000001" + "0023" + "00000002" + keys + "00000007",
            // Compact, and yet the header has no tagged fields (KIP-511).
            4: "0000001a" + "00000001" + "0023" + "03" + "00000000000a00" + "00010004001000" + "00000007" + "00",
        ]
        for (version, frame) in frames {
            #expect(ResponseFrame(response, correlationID: 1, version: version).buffer.hex == frame)
        }
    }

    @Test func everythingServedIsAnnounced() {
        let announced = APIVersionsResponse().apiKeys
        #expect(announced.map(\.apiKey) == APIKey.served)
        for version in announced {
            let supported = version.apiKey.supportedVersions
            #expect(version.versions.upperBound == supported?.upperBound)
            #expect(version.versions == supported || version.apiKey == .produce && version.versions.lowerBound == 0)
        }
    }

    @Test func recordsInFilesLeaveGapsThatTheLengthsCount() throws {
        let partitions: [FetchResponse.Partition] = [
            .init(partitionIndex: 0, records: .external(count: 300)),
            .init(partitionIndex: 1, records: .inline(ByteBuffer(bytes: [1, 2, 3]))),
            .init(partitionIndex: 2, records: .external(count: 0)),
            .init(partitionIndex: 3, records: .external(count: 5)),
        ]
        for version in APIKey.fetch.supportedVersions ?? 4...4 {
            let frame = ResponseFrame(
                FetchResponse(responses: [.init(topic: "t", partitions: partitions)]),
                correlationID: 9,
                version: version
            )
            let inline = partitions.map { partition -> FetchResponse.Partition in
                guard case .external(let count) = partition.records else { return partition }
                var partition = partition
                partition.records = .inline(ByteBuffer(repeating: 0xAB, count: count))
                return partition
            }
            let expected = ResponseFrame(
                FetchResponse(responses: [.init(topic: "t", partitions: inline)]),
                correlationID: 9,
                version: version
            )
            #expect(frame.gaps.map(\.length) == [300, 5])
            #expect(filled(frame).hex == expected.buffer.hex)
        }
    }

    private func filled(_ frame: ResponseFrame) -> ByteBuffer {
        var rest = frame.buffer
        var result = ByteBuffer()
        var position = 0
        for gap in frame.gaps {
            if var part = rest.readSlice(length: gap.position - position) { result.writeBuffer(&part) }
            result.writeRepeatingByte(0xAB, count: gap.length)
            position = gap.position
        }
        result.writeBuffer(&rest)
        return result
    }
}
