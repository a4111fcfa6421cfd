import Testing

@testable import Expressions

@Suite(.timeLimit(.minutes(1))) struct ProgramPathsTests {
    private static func reads(_ source: String) -> [String] {
        ProgramPaths(source).reads.map { $0.path.map(\.text).joined() }
    }

    @Test(arguments: [
        (".", []), (".a", [".a"]), (".a.b", [".a", ".a.b"]), (".a[].b", [".a", ".a[]", ".a[].b"]),
        (#"."x y".b"#, [#"["x y"]"#, #"["x y"].b"#]), (#".["a"].b?"#, [".a", ".a.b"]),
        (".a[0].b", [".a", ".a[]", ".a[].b"]),
        (".a[1:]", [".a"]), (".a | .b, .c", [".a", ".a.b", ".a.c"]), ("(.a, .b).c", [".a", ".b", ".a.c", ".b.c"]),
        (".a // .b", [".a", ".b"]), (".a as $x | .b == $x.c", [".a", ".b", ".a.c"]),
        (".a as [$x, {y: $z, $w}] | $z.q", [".a", ".a[]", ".a[].y", ".a[].w", ".a[].y.q"]),
        ("if .a then .b elif .c then .d else .e end", [".a", ".b", ".c", ".d", ".e"]),
        ("try .a catch .b", [".a"]), (#""x\(.a)y\(.b + "\(.c)")""#, [".a", ".b", ".c"]),
        ("{a, b: .c, \"d\": .e | .f, (.g): 1}", [".a", ".c", ".e", ".e.f", ".g"]),
        ("[.a[] | select(.b > 1).c]", [".a", ".a[]", ".a[].b", ".a[].c"]),
        (".a | map(.b)", [".a", ".a[]", ".a[].b"]), ("any(.a[]; .b)", [".a", ".a[]", ".a[].b"]),
        ("all(.b)", ["[]", "[].b"]),
        (#"has("a")"#, [".a"]), (".a | length", [".a"]), ("reduce .a[] as $x (0; . + $x.b)", [".a", ".a[]", ".a[].b"]),
        ("foreach .a[] as $x (0; . + 1; [$x.b, .])", [".a", ".a[]", ".a[].b"]), (".a = .b", [".a", ".b"]),
        ("$headers.ce_id", []), (".a | test(\"x\"; .f)", [".a", ".a.f"]), ("-.a * .b", [".a", ".b"]),
        ("@base64 \"\\(.a)\"", [".a"]),
        ("del(.a)", [".a"]), ("label $out | .a | ., break $out", [".a"]),
        (".a and .b or (.c | not)", [".a", ".b", ".c"]),
        (
            ".a.a.b | .a | sort_by(.x) | first | .y",
            [".a", ".a.a", ".a.a.b", ".a.a.b.a", ".a.a.b.a[]", ".a.a.b.a[].x", ".a.a.b.a[].y"]
        ),
    ])
    func whatAProgramReadsIsListed(_ source: String, _ paths: [String]) throws {
        _ = try Program(source)
        #expect(Self.reads(source) == paths)
    }

    @Test(arguments: [
        ".a[.b]", "getpath([\"a\"])", "..", "paths", "to_entries", "def f: .a; f", "{(.a): 1}", "walk(.)",
        "recurse(.a)",
        "with_entries(.value)", "has(.a)", ".a[] |= 1", ". + .a + {b: 1}", ".\"\\(.a)\"", "reduce .a[] as $x (.; .b)",
        ".a as [$x] ?// $x | $x",
    ])
    func whatCannotBeFollowedIsSaid(_ source: String) throws {
        if !source.contains("?//") { _ = try Program(source) }
        #expect(!ProgramPaths(source).isComplete)
    }

    @Test(arguments: [
        ".a", "{a: .b}", "map(select(.c))", "if .a then 1 else 2 end", ".a as $x | $x", "any(.a[]; .b == 1)",
    ])
    func whatCanBeFollowedIsSaidToo(_ source: String) {
        #expect(ProgramPaths(source).isComplete)
    }

    @Test func aReadHasItsPlace() throws {
        let paths = ProgramPaths(".a and\n  (.b | .é, .c)")
        let last = try #require(paths.reads.last)
        #expect(paths.reads.map(\.line) == [1, 2])
        #expect(last.column == 4)
    }

    private static func outputs(_ source: String) -> [ProgramPaths.Shape] { ProgramPaths(source).outputs }

    @Test func whatAProgramMakesIsKnown() {
        #expect(Self.outputs(".") == [.input([])])
        #expect(Self.outputs(".a[]") == [.input([.member("a"), .element])])
        #expect(
            Self.outputs("{x: .a, y: [.b]}") == [
                .object(
                    [
                        .init(name: "x", values: [.input([.member("a")])]),
                        .init(name: "y", values: [.array([.input([.member("b")])])]),
                    ],
                    rest: nil
                )
            ]
        )
        #expect(Self.outputs(".a = 1") == [.object([.init(name: "a", values: [.other])], rest: [])])
        #expect(Self.outputs(". + {a: 1}") == [.object([.init(name: "a", values: [.other])], rest: [])])
        #expect(
            Self.outputs("{a: 1} + {a: .b}")
                == [.object([.init(name: "a", values: [.input([.member("b")])])], rest: nil)]
        )
        #expect(Self.outputs("empty") == [])
        #expect(Self.outputs("select(.a)") == [.input([])])
        #expect(Self.outputs(".a | tostring") == [.other])
    }

    @Test func aProgramAfterAnotherReadsTheFirstInput() {
        let first = ProgramPaths("{a: .x, b: .y.z, rest: 1}")
        let second = ProgramPaths(".a.q, .b, .rest, .gone", inputs: first.outputs)
        #expect(second.reads.map { $0.path.map(\.text).joined() } == [".x.q"])
        let pass = ProgramPaths(". + {a: 1}")
        let after = ProgramPaths(".a, .b", inputs: pass.outputs)
        #expect(after.reads.map { $0.path.map(\.text).joined() } == [".b"])
    }

    @Test(arguments: [
        "", "(", ".a |", ")", "{", "\"\\(", "if", "def f:", "reduce . as", "[", ".a as", "}", "\u{0}", "🎉",
    ])
    func whatIsNoProgramEndsTheWalk(_ source: String) {
        #expect(!ProgramPaths(source).isComplete)
    }

    @Test func deepProgramsEndTheWalk() {
        let source = String(repeating: "(", count: 30_000) + "." + String(repeating: ")", count: 30_000)
        #expect(!ProgramPaths(source).isComplete)
        let path = String(repeating: ".a", count: 10_000)
        let paths = ProgramPaths(path)
        #expect(!paths.isComplete)
        #expect(paths.reads.count <= 64)
        let wide = (0..<1_000).map { ".a\($0)" }.joined(separator: ",")
        #expect(ProgramPaths("(\(wide)) | .x").reads.count == 1_000)
    }
}
