import Dev
import Foundation
import LocalStack
import Testing

/// The demo, smaller: the same processes, the same check against the truth.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct DemoRunTests {
    @Test func aDayOfDeliveriesBalances() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-demo-\(UUID().uuidString)")
        let layout = DevStack.Layout(
            executable: WorkerSetup.binary("busbar"),
            connectors: [Repository.root.appending(path: "connectors").path],
            schemas: Repository.root.appending(path: "schemas").path,
            count: 400,
            folder: folder
        )
        let report = try await DevSession(layout).runOnce()
        let differences = report.differences
        #expect(differences == [], "logs are in \(folder.path)")
        if differences.isEmpty { try FileManager.default.removeItem(at: folder) }
    }
}
