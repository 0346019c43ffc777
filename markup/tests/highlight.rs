//! The tokens of code that are coloured.

use hubbub_markup::{TokenKind, highlight};

/// Draws tokens: keywords as `[k]`, strings as `{s}`, numbers as `<n>` and comments as `(# c)`.
fn drawn(language: &str, code: &str) -> String {
    let drawn = highlight(language, code).into_iter().map(|(kind, text)| match kind {
        TokenKind::Plain => text.to_owned(),
        TokenKind::Keyword => format!("[{text}]"),
        TokenKind::String => format!("{{{text}}}"),
        TokenKind::Number => format!("<{text}>"),
        TokenKind::Comment => format!("({text})"),
    });
    drawn.collect()
}

#[test]
fn comments_strings_numbers_and_keywords_are_tokens() {
    for (language, code, expected) in [
        ("rust", "let x: &'a u8 = 'b'; // hi\n\"a\\\"b\"", "[let] x: &'a u8 = {'b'}; (// hi)\n{\"a\\\"b\"}"),
        ("rs", "fn f<'a>() { '\\n' /* a\nb */ 0x1f }", "[fn] f<'a>() { {'\\n'} (/* a\nb */) <0x1f> }"),
        ("js", "const a = `b\nc` + \"\";", "[const] a = {`b\nc`} + {\"\"};"),
        ("TypeScript", "type A = string", "[type] A = [string]"),
        ("py", "def f():  # é\n  \"\"\"a\n  b\"\"\"", "[def] f():  (# é)\n  {\"\"\"a\n  b\"\"\"}"),
        ("go", "func main() { x := 1.5 }", "[func] main() { x := <1.5> }"),
        ("c++", "#include <a>\nint é = 'a';", "#[include] <a>\n[int] é = {'a'};"),
        ("java", "public class A {}", "[public] [class] A {}"),
        ("c#", "using System;", "[using] System;"),
        ("ruby", "def a; end # b", "[def] a; [end] (# b)"),
        ("php", "echo $a; // b", "[echo] $a; (// b)"),
        ("sh", "if [ $# -gt 1 ]; then # b", "[if] [ $# -gt <1> ]; [then] (# b)"),
        ("sql", "SELECT 'a' -- b\nfrom c", "[SELECT] {'a'} (-- b)\n[from] c"),
        ("json", "{\"a\": [1, \"b\", true]}", "{[\"a\"]: [<1>, {\"b\"}, [true]]}"),
        ("yaml", "a-b: c # d\n- e", "[a-b]: c (# d)\n- e"),
        ("toml", "[a]\nb = \"c\"", "[a]\n[b] = {\"c\"}"),
        ("html", "<!-- a --><p class=\"b\">c</p>", "(<!-- a -->)<[p] class={\"b\"}>c</[p]>"),
        ("css", "a { font-size: 2px } /* b */", "a { [font-size]: <2px> } (/* b */)"),
        ("", "if 1", "if 1"),
        ("klingon", "if 1", "if 1"),
    ] {
        assert_eq!(drawn(language, code), expected, "{language}");
    }
}

#[test]
fn what_is_not_closed_ends_with_its_line_or_with_the_code() {
    for (language, code, expected) in [
        ("js", "'a\nif", "{'a}\n[if]"),
        ("js", "`a\nif", "{`a\nif}"),
        ("js", "/* a\nif", "(/* a\nif)"),
        ("js", "\"a\\", "{\"a\\}"),
        ("rust", "'", "'"),
    ] {
        assert_eq!(drawn(language, code), expected, "{code:?}");
    }
}
