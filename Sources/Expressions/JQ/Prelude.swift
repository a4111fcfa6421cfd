/// jq definitions put in front of a program, each only where the program uses what it guards.
///
/// libjq 1.6 aborts, crashes or never returns in some of its C functions, where no time limit reaches
/// (github.com/jqlang/jq: `[] | .[1000000000] = 1`, `"é" | [match(""; "g")]`, `"a" | indices("")`, `nan % -1`,
/// `"x" * 1e9`), and its number parser rounds in silence. Operators are calls of `_plus`, `_mod` and so on, bound by
/// name, so a definition in front of the program replaces them there and nowhere else.
enum Prelude {
    /// Marks an error that the guards raise; the rest of the message is for the reader.
    static let inexactMarker = "busbar inexact: "
    static let limitMarker = "busbar limit: "

    static func text(for program: ProgramAnalysis) -> String {
        guards.filter { $0.isNeeded(program) }.map { $0.definitions }.joined()
    }

    private struct Guard: Sendable {
        let words: Set<String>
        let symbols: Set<String>
        let condition: @Sendable (ProgramAnalysis) -> Bool
        let definitions: String

        init(
            words: Set<String> = [],
            symbols: Set<String> = [],
            where condition: @escaping @Sendable (ProgramAnalysis) -> Bool = { _ in true },
            _ definitions: String
        ) {
            self.words = words
            self.symbols = symbols
            self.condition = condition
            // One line, so that line numbers of the program stay right.
            self.definitions = definitions.replacing("\n", with: " ") + " "
        }

        func isNeeded(_ program: ProgramAnalysis) -> Bool {
            guard !words.isDisjoint(with: program.words) || !symbols.isDisjoint(with: program.symbols) else {
                return false
            }
            return condition(program)
        }
    }

    private static let loops: Set<String> = [
        "reduce", "foreach", "def", "until", "while", "repeat", "recurse", "last", "limit", "first", "walk",
    ]
    private static let assignments: Set<String> = ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="]
    private static let indexMakers: Set<String> = ["setpath", "path", "paths", "leaf_paths", "getpath", "fromstream"]

    private static let guards: [Guard] = [
        // Doubling a string 31 times overflows jv_string_append; the time limit alone would come too late.
        Guard(
            symbols: ["+", "+=", "\\("],
            where: { !loops.isDisjoint(with: $0.words) },
            """
            def __busbar_plus($a; $b): $a + $b;
            def __busbar_joined($a; $b): if ($a | type) == "string" and ($b | type) == "string"
              and (($a | utf8bytelength) > 33554432 or ($b | utf8bytelength) > 33554432)
              then error("\(limitMarker)a text longer than 32 MiB") else __busbar_plus($a; $b) end;
            def _plus(a; b): b as $b | a as $a | __busbar_joined($a; $b);
            def add: reduce .[] as $x (null; . + $x);
            """
        ),
        Guard(
            symbols: ["*", "*="],
            """
            def __busbar_times($a; $b): $a * $b;
            def __busbar_repeats($s; $n): ($s | utf8bytelength) as $l | $l > 0 and $n > 8388608 / $l;
            def _multiply(a; b): b as $b | a as $a | ($a | type) as $s | ($b | type) as $t |
              if $s == "number" and $t == "number" then __busbar_times($a; $b)
              elif ($s == "string" and $t == "number" and __busbar_repeats($a; $b))
              or ($s == "number" and $t == "string" and __busbar_repeats($b; $a))
              then error("\(limitMarker)a repeated text longer than 8 MiB") else __busbar_times($a; $b) end;
            """
        ),
        // The C side computes with int64_t: beyond it a remainder is wrong, and INT64_MIN % -1 raises SIGFPE.
        Guard(
            symbols: ["%", "%="],
            """
            def __busbar_mod($a; $b): $a % $b;
            def __busbar_far: type == "number" and ((. < 9e18 and . > -9e18) | not);
            def _mod(a; b): b as $b | a as $a |
              if ($a | __busbar_far) or ($b | __busbar_far)
              then error("\(inexactMarker)a remainder of a number beyond 9e18 would be wrong")
              elif ($a | type) == "number" and ($b | type) == "number" and $b > -2 and $b <= -1 then 0
              else __busbar_mod($a; $b) end;
            """
        ),
        Guard(words: ["tonumber", "fromjson"], NumberGuards.toNumber),
        Guard(words: ["fromjson"], NumberGuards.fromJSON),
        Guard(
            words: ["indices", "index", "rindex"],
            """
            def __busbar_indices($i): indices($i);
            def indices($i): if type == "string" and $i == "" then [] else __busbar_indices($i) end;
            def index($i): indices($i) | .[0];
            def rindex($i): indices($i) | .[-1:][0];
            """
        ),
        Guard(
            words: ["implode"],
            """
            def __busbar_implode: implode;
            def implode: if type == "array" and all(.[]; type == "number" and . >= 0 and . <= 1114111
              and (. < 55296 or . > 57343)) then __busbar_implode
              else error("implode takes an array of Unicode scalar values") end;
            """
        ),
        // f_strftime asserts that the format is a string and that gmtime could read the seconds.
        Guard(
            words: ["strftime", "todate", "todateiso8601"],
            """
            def __busbar_strftime($f): strftime($f);
            def strftime(f): f as $f | if ($f | type) != "string" then error("strftime takes a format that is a string")
              elif type == "number" and ((. < 6e16 and . > -6e16) | not) then error("a time is out of range")
              else __busbar_strftime($f) end;
            def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
            def todate: todateiso8601;
            """
        ),
        // error(null) looks like `empty` from outside: a record would be dropped where the author meant to fail it.
        Guard(
            words: ["error"],
            """
            def __busbar_error($m): error($m);
            def error(m): m as $m | if $m == null then __busbar_error("error(null)") else __busbar_error($m) end;
            def error: error(.);
            """
        ),
        // A global match steps one byte after an empty one and runs out of the string inside a multi-byte character:
        // `n` makes it skip empty matches.
        Guard(
            words: ["match", "capture", "scan", "splits", "split"],
            """
            def __busbar_match($re; $mode): _match_impl($re;
              if ($mode | type) == "string" and ($mode | explode | any(. == 103)) then $mode + "n" else $mode end;
              false) | .[];
            def match(re; mode): mode as $mode | re as $re | __busbar_match($re; $mode);
            def match($re): if ($re | type) == "array" then match($re[0]; $re[1]) else match($re; null) end;
            def capture(re; mode): match(re; mode)
              | reduce (.captures[] | select(.name != null)) as $c ({}; . + {($c.name): $c.string});
            def capture($re): if ($re | type) == "array" then capture($re[0]; $re[1]) else capture($re; null) end;
            def scan(re): match(re; "g") | if (.captures | length) > 0 then [.captures[].string] else .string end;
            def splits($re; mode): mode as $mode | . as $s
              | ([0] + [match($re; "g" + $mode) | .offset, .offset + .length] + [length]) as $cuts
              | range(0; $cuts | length; 2) as $i | $s[$cuts[$i]:$cuts[$i + 1]];
            def splits($re): splits($re; null);
            def split($re; mode): [splits($re; mode)];
            """
        ),
        // jv_array_set fills an array up to the index, and aborts the process when memory ends.
        Guard(
            words: ["setpath", "fromstream"],
            symbols: assignments,
            where: { $0.hasComputedIndex || !indexMakers.isDisjoint(with: $0.words) },
            """
            def __busbar_index: if any(.[]?; type == "number" and . > 1048576)
              then error("\(limitMarker)an array index above 1048576") else . end;
            def __busbar_setpath($p; $v): setpath($p | __busbar_index; $v);
            def setpath(p; v): v as $v | p as $p | __busbar_setpath($p; $v);
            def _assign(paths; value): value as $v | reduce path(paths) as $p (.; __busbar_setpath($p; $v));
            def _modify(paths; update): reduce path(paths) as $p (.;
              label $out | (__busbar_setpath($p; getpath($p) | update) | ., break $out), delpaths([$p]));
            def __busbar_fromstream(s): fromstream(s);
            def fromstream(s): __busbar_fromstream(s | (.[0] | __busbar_index) as $checked | .);
            """
        ),
    ]
}

/// jq's text-to-number functions, failing where they would round.
private enum NumberGuards {
    /// Up to 15 significant digits and an ordinary exponent survive a double; beyond that the double must print as
    /// the same text.
    static let toNumber = #"""
        def __busbar_tonumber: tonumber;
        def __busbar_rounds($n): if utf8bytelength <= 15 and $n < 1e290 and $n > -1e290
          and ($n > 1e-290 or $n < -1e-290) then false
          elif $n == 0 then test("^[^eE]*[1-9]")
          elif ($n | tojson) == . then false
          else test("^\\s*-?[0.]*([0-9]\\.?){0,15}0*\\.?0*([eE][-+]?0*[0-9]{1,2})?\\s*$") | not end;
        def tonumber: if type == "string" then __busbar_tonumber as $n
          | if $n | isnan then error("Invalid numeric literal") elif __busbar_rounds($n) then error("\#(Prelude.inexactMarker)tonumber would round the number in a text")
          else $n end else __busbar_tonumber end;
        """#

    /// Checks only texts that contain a long number or exponent or `nan`, and there only what stands outside strings.
    static let fromJSON = #"""
        def __busbar_fromjson: fromjson;
        def fromjson: if type == "string" and test("[0-9.]{16}|[eE][-+]?[0-9]{3}|[nN][aA][nN]")
          and any(_match_impl("\"(?:[^\"\\\\]|\\\\.)*+\"|-?[0-9][-+0-9.eE]*|[nN][aA][nN]"; "g"; false)[].string
          | select(startswith("\"") | not) | tonumber; false)
          then . else __busbar_fromjson end;
        """#
}
