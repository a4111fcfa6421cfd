import Testing
@testable import Expressions
@Suite struct ProgramTests { @Test func compiles() throws { _ = try Program(".a") } }
