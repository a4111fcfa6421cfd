/// jq definitions for records with numbers that a double cannot hold: stand-ins become text as the literal they stand
/// for, and computing with one is an error. They follow the guards of `Prelude`, so they see those.
enum ExactPrelude {
    static func text(for program: ProgramAnalysis) -> String {
        var text = core
        for name in unaryMath where program.words.contains(name) {
            text += "def __busbar_\(name): \(name); def \(name): __busbar_plain | __busbar_\(name);\n"
        }
        for name in binaryMath where program.words.contains(name) {
            text += """
                def __busbar_\(name)($a; $b): \(name)($a; $b);
                def \(name)(a; b): b as $b | a as $a | __busbar_\(name)($a | __busbar_plain; $b | __busbar_plain);

                """
        }
        if program.words.contains("fma") {
            text += """
                def __busbar_fma($a; $b; $c): fma($a; $b; $c);
                def fma($a; $b; $c): __busbar_fma($a | __busbar_plain; $b | __busbar_plain; $c | __busbar_plain);

                """
        }
        return text.replacing("\n", with: " ")
    }

    private static let unaryMath = [
        "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "ceil", "cos", "cosh", "erf", "erfc", "exp", "exp10",
        "exp2", "expm1", "fabs", "floor", "frexp", "gamma", "gmtime", "j0", "j1", "lgamma", "lgamma_r", "log", "log10",
        "log1p", "log2", "logb", "modf", "nearbyint", "pow10", "rint", "round", "significand", "sin", "sinh", "sqrt",
        "tan", "tanh", "tgamma", "todate", "todateiso8601", "trunc", "y0", "y1",
    ]
    private static let binaryMath = [
        "atan2", "copysign", "drem", "fdim", "fmax", "fmin", "fmod", "hypot", "ldexp", "nextafter", "nexttoward", "pow",
        "remainder", "scalb", "scalbln",
    ]

    private static let core = """
        def __busbar_stands: type == "number" and (tojson as $t | $__busbar_tokens | has($t));
        def __busbar_plain: if __busbar_stands
          then error("\(Prelude.inexactMarker)computing with a number that a double cannot hold exactly") else . end;
        def __busbar_json:
          if type == "number" then tojson as $t | $__busbar_tokens[$t] // $t
          elif type == "array" then
            "[" + (reduce .[] as $x (null; (if . == null then "" else . + "," end) + ($x | __busbar_json)) // "") + "]"
          elif type == "object" then . as $o |
            "{" + (reduce keys_unsorted[] as $k (null;
              (if . == null then "" else . + "," end) + ($k | tojson) + ":" + ($o[$k] | __busbar_json)) // "") + "}"
          else tojson end;
        def __busbar_text: if type == "string" then . else __busbar_json end;
        def __busbar_format($f): if $f == "csv" or $f == "tsv" or $f == "sh"
          then (if type == "array" then .[] |= __busbar_plain else __busbar_plain end) | format($f)
          elif $f == "json" then __busbar_json else __busbar_text | format($f) end;
        def tojson: __busbar_json;
        def tostring: __busbar_text;
        def format(f): f as $f | __busbar_format($f);
        def join($x): reduce .[] as $i (null; (if . == null then "" else . + $x end)
          + ($i | if type == "boolean" or type == "number" then tostring else . // "" end)) // "";
        def INDEX(stream; key): reduce stream as $row ({};
          .[$row | key | if type == "string" then . else tojson end] |= $row);
        def INDEX(key): INDEX(.[]; key);
        def __busbar_add($a; $b): $a + $b;
        def __busbar_sub($a; $b): $a - $b;
        def __busbar_mul($a; $b): $a * $b;
        def __busbar_div($a; $b): $a / $b;
        def __busbar_rem($a; $b): $a % $b;
        def __busbar_neg: -.;
        def _plus(a; b): b as $b | a as $a | if $a == null then $b elif $b == null then $a
          else __busbar_add($a | __busbar_plain; $b | __busbar_plain) end;
        def _minus(a; b): b as $b | a as $a | __busbar_sub($a | __busbar_plain; $b | __busbar_plain);
        def _multiply(a; b): b as $b | a as $a | __busbar_mul($a | __busbar_plain; $b | __busbar_plain);
        def _divide(a; b): b as $b | a as $a | __busbar_div($a | __busbar_plain; $b | __busbar_plain);
        def _mod(a; b): b as $b | a as $a | __busbar_rem($a | __busbar_plain; $b | __busbar_plain);
        def _negate: __busbar_plain | __busbar_neg;
        def add: reduce .[] as $x (null; . + $x);
        def __busbar_range(a; b): range(a; b);
        def range($a; $b; $by): ($by | __busbar_plain) as $by | ($a | __busbar_plain) as $a | ($b | __busbar_plain) as $b
          | if $by > 0 then $a | while(. < $b; . + $by)
          elif $by < 0 then $a | while(. > $b; . + $by) else empty end;
        def range($a; $b): __busbar_range($a | __busbar_plain; $b | __busbar_plain);
        def range($b): range(0; $b);

        """
}
