import Demo
import Testing

@Suite struct HubSignatureTests {
    /// The example of docs.github.com, "Validating webhook deliveries".
    @Test func agreesWithGitHubsPublishedExample() {
        let signature = HubSignature.signature(
            Array("Hello, World!".utf8),
            secret: Array("It's a Secret to Everybody".utf8)
        )
        #expect(signature == "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
    }
}
