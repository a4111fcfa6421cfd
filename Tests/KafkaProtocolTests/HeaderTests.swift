import KafkaProtocol
import NIOCore
import Testing

@Suite struct HeaderTests {
    @Test func theBodyIsFlexibleWhenTheVersionIs() throws {
        var classic = WireReader(ByteBuffer(hex: "0003" + "0001" + "0000002a" + "0001" + "63" + "ffffffff"))
        let header = try RequestHeader(from: &classic)
        #expect(header == RequestHeader(apiKey: .metadata, apiVersion: 1, correlationID: 42, clientID: "c"))
        #expect(!classic.flexible && classic.remaining == 4)

        // The client id is not compact even here; tagged fields follow it.
        var flexible = WireReader(ByteBuffer(hex: "0003" + "0009" + "0000002a" + "0001" + "63" + "00" + "00"))
        #expect(try RequestHeader(from: &flexible).clientID == "c")
        #expect(flexible.flexible && flexible.remaining == 1)
    }

    @Test func aClientNeedNotSayItsName() throws {
        var reader = WireReader(ByteBuffer(hex: "0012" + "0000" + "00000001" + "ffff"))
        #expect(try RequestHeader(from: &reader).clientID == nil)
    }

    @Test func aVersionThatIsNotServedLeavesEnoughToAnswer() throws {
        for (hex, api) in [
            ("0012" + "0063", APIKey.apiVersions), ("0000" + "0002", .produce), ("0004" + "0000", .leaderAndIsr),
        ] {
            var reader = WireReader(ByteBuffer(hex: hex + "00000007"))
            let header = try RequestHeader(from: &reader)
            #expect(header.apiKey == api && header.correlationID == 7)
            #expect(!header.isSupported)
        }
    }

    @Test func aKeyThatIsNotKafkasIsAnError() {
        for hex in ["ffff" + "000000000001", "03e8" + "000000000001"] {
            var reader = WireReader(ByteBuffer(hex: hex))
            let error = #expect(throws: ProtocolError.self) { try RequestHeader(from: &reader) }
            #expect(error?.code == .unknownAPI)
        }
    }

    @Test func aTruncatedHeaderIsATypedErrorAtEveryLength() throws {
        let whole = ByteBuffer(hex: "0003" + "0009" + "0000002a" + "0001" + "63" + "00")
        for length in 0..<whole.readableBytes {
            var reader = WireReader(try #require(whole.getSlice(at: 0, length: length)))
            #expect(throws: ProtocolError.self) { try RequestHeader(from: &reader) }
        }
    }

    @Test func flexibleResponsesHaveTaggedFieldsInTheirHeader() {
        let response = HeartbeatResponse(errorCode: .rebalanceInProgress)
        #expect(ResponseFrame(response, correlationID: 5, version: 0).buffer.hex == "00000006" + "00000005" + "001b")
        #expect(
            ResponseFrame(response, correlationID: 5, version: 4).buffer.hex
                == "0000000c" + "00000005" + "00" + "00000000" + "001b" + "00"
        )
    }

    @Test func headerVersionsAreThoseOfTheProtocolGuide() {
        #expect(APIKey.produce.requestHeaderVersion(8) == 1 && APIKey.produce.requestHeaderVersion(9) == 2)
        #expect(APIKey.produce.responseHeaderVersion(8) == 0 && APIKey.produce.responseHeaderVersion(9) == 1)
        #expect(APIKey.apiVersions.requestHeaderVersion(3) == 2 && APIKey.apiVersions.responseHeaderVersion(3) == 0)
        #expect(APIKey.saslHandshake.requestHeaderVersion(1) == 1)
    }

    @Test func whatBelongsToOtherBrokersIsNotServed() {
        for api in [APIKey.leaderAndIsr, .stopReplica, .updateMetadata, .vote, .envelope, .writeTxnMarkers] {
            #expect(api.supportedVersions == nil && api.announcedVersions == nil)
        }
    }

    @Test func exactlyWhatIsServedHasARequestType() {
        for api in APIKey.allCases {
            #expect((api.requestType != nil) == (api.supportedVersions != nil), "\(api)")
            if let type = api.requestType { #expect(type.apiKey == api) }
        }
    }
}
