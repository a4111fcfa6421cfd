import Testing

/// Texts that are no YAML, or more of it than configuration uses.
@Suite struct BadYAMLTests {
    @Test(arguments: files)
    func saysWhatIsWrongWithTheText(file: BadFile) {
        #expect(YAMLFixture.finding(file.text) == file.findings)
    }

    static let files: [BadFile] = [
        BadFile(
            "a tab for indentation",
            #"""
            a:
            \#tb: 1

            """#,
            #"""
            a.yaml:2:1: error: the text is not YAML: found character that cannot start any token [BB1002]
              fix: Put the value in quotes, and indent with spaces, not tabs.
            """#
        ),
        BadFile(
            "a colon in plain text",
            #"""
            a: b: c

            """#,
            #"""
            a.yaml:1:5: error: the text is not YAML: mapping values are not allowed in this context [BB1002]
              fix: Put a value that holds `: ` in quotes, or check the indentation.
            """#
        ),
        BadFile(
            "a bracket that stays open",
            #"""
            a: [ 1, 2
            b: 3

            """#,
            #"""
            a.yaml:2:2: error: the text is not YAML: did not find expected ',' or ']' [BB1002]
              fix: Close the `[` or `{` that is open here.
            """#
        ),
        BadFile(
            "a quote that stays open",
            #"""
            a: 'x
            b: 3

            """#,
            #"""
            a.yaml:3:1: error: the text is not YAML: found unexpected end of stream [BB1002]
              fix: Close the quote that is open here.
            """#
        ),
        BadFile(
            "a line without a colon",
            #"""
            a: 1
            b
            c: 2

            """#,
            #"""
            a.yaml:3:1: error: the text is not YAML: could not find expected ':' [BB1002]
              fix: Write `key: value`, with a space after the colon.
            """#
        ),
        BadFile(
            "an alias without its anchor",
            #"""
            a: *x

            """#,
            #"""
            a.yaml:1:4: error: the text is not YAML: found undefined alias [BB1002]
              fix: Put a value that starts with `*` in quotes, or define the anchor before the alias.
            """#
        ),
        BadFile(
            "a key that stands twice",
            #"""
            a: 1
            b:
              c: 1
              d: 2
              c: 3

            """#,
            #"""
            a.yaml:5:3: error: the key `c` stands twice in this mapping, first on line 3 [BB1003]
              fix: Keep one of them.
            """#
        ),
        BadFile(
            "a key that stands twice in one line",
            #"""
            a: { c: 1, c: 2 }

            """#,
            #"""
            a.yaml:1:6: error: the key `c` stands twice in this mapping, first on line 1 [BB1003]
              fix: Keep one of them.
            """#
        ),
        BadFile(
            "two documents",
            #"""
            a: 1
            ---
            b: 2

            """#,
            #"""
            a.yaml:2:1: error: a second YAML document starts here [BB1004]
              fix: Keep one document per file: move what follows `---` into a file of its own.
            """#
        ),
        BadFile(
            "a tag",
            #"""
            a: !ruby/object x

            """#,
            #"""
            a.yaml:1:4: error: the tag `!ruby/object` has no meaning here [BB1006]
              fix: Remove the tag.
            """#
        ),
        BadFile(
            "a mapping as key",
            #"""
            { a: 1 }: 2

            """#,
            #"""
            a.yaml:1:1: error: a key that is not plain text [BB1006]
              fix: Write the key as text; put the value in quotes when it starts with `{` or `[`.
            """#
        ),
        BadFile(
            "an alias of a sequence as key",
            #"""
            a: &x [ k ]
            *x : 2

            """#,
            #"""
            a.yaml:1:4: error: a key that is not plain text [BB1006]
              fix: Write the key as text; put the value in quotes when it starts with `{` or `[`.
            """#
        ),
        BadFile(
            "a merge of text",
            #"""
            a: &x k
            b:
              <<: *x

            """#,
            #"""
            a.yaml:1:4: error: `<<` merges mappings, found a value [BB1012]
              fix: Name a mapping with an alias, for example `<<: *defaults`.
            """#
        ),
        BadFile(
            "a control character",
            #"""
            a: \#u{1}

            """#,
            #"""
            a.yaml:1:4: error: the text is not YAML: control characters are not allowed [BB1002]
              fix: Remove the character; files are UTF-8 without control characters.
            """#
        ),
        BadFile(
            "a sequence at the top",
            #"""
            - 1

            """#,
            #"""
            a.yaml:1:1: error: the file takes a mapping, found a sequence [BB1012]
            - 1
            ^
              fix: Write `key: value` pairs, indented below it.
            """#
        ),
    ]
}
