//! What people type, and the tree that it becomes.

mod support;

use hubbub_markup::{MAX_DEPTH, host, parse};

use support::drawn;

/// Asserts for each text that it is one paragraph, drawn like this.
fn assert_paragraphs(table: &[(&str, &str)]) {
    for (typed, expected) in table {
        assert_eq!(drawn(&parse(typed)), format!("<p>{expected}</p>"), "{typed:?}");
    }
}

/// Asserts for each text that it is one paragraph without markup.
fn assert_stays_text(texts: &[&str]) {
    for typed in texts {
        assert_eq!(drawn(&parse(typed)), format!("<p>{typed}</p>"));
    }
}

fn assert_blocks(table: &[(&str, &str)]) {
    for (typed, expected) in table {
        assert_eq!(drawn(&parse(typed)), *expected, "{typed:?}");
    }
}

#[test]
fn markers_around_text_mark_it() {
    assert_paragraphs(&[
        ("**bold** and __bold__", "<b>bold</b> and <b>bold</b>"),
        ("*italic* and _italic_", "<i>italic</i> and <i>italic</i>"),
        ("~~gone~~", "<s>gone</s>"),
        ("||the butler||", "<spoiler>the butler</spoiler>"),
        ("`code`", "<code>code</code>"),
        ("***both***", "<i><b>both</b></i>"),
        ("**bold *and italic***", "<b>bold <i>and italic</i></b>"),
        ("~~*a*~~ ||**b**||", "<s><i>a</i></s> <spoiler><b>b</b></spoiler>"),
        ("in**side**word", "in<b>side</b>word"),
        ("**over\ntwo lines**", "<b>over\ntwo lines</b>"),
        ("**日本語。**です", "<b>日本語。</b>です"),
        ("「**強調**」", "「<b>強調</b>」"),
        ("**¡olé!**", "<b>¡olé!</b>"),
        ("****a****", "<b><b>a</b></b>"),
        ("if (a||b||c)", "if (a<spoiler>b</spoiler>c)"),
    ]);
}

#[test]
fn text_that_only_looks_like_markup_stays_text() {
    assert_stays_text(&[
        "hi",
        "2 * 3 * 4",
        "snake_case_name is not_bold_",
        "*args, **kwargs",
        "a ** b",
        "**",
        "****",
        "_ _",
        "~~~~",
        "~approx~ ~/home",
        "a || b || c",
        "|x|",
        "|||x|||",
        "``",
        "`unclosed",
        "``a`",
        "`a\nb`",
        "<b>bold</b> &amp; &#42;x&#42;",
        "\tindented\n    more",
        "# heading",
        "---",
        "a\n===",
        "| a | b |",
        "**a\n\nb**",
        ":tada:",
        "a\\b \\\\server\\share \\d+",
    ]);
}

#[test]
fn a_backslash_makes_a_marker_text() {
    assert_paragraphs(&[
        ("\\*a\\*", "*a*"),
        ("\\**a*", "*<i>a</i>"),
        ("\\`a` \\||b|| \\[a](https://b.org)", "`a` ||b|| [a](<a=https://b.org>https://b.org</a>)"),
        ("\\> a", "> a"),
        ("\\- a", "- a"),
        ("`\\*`", "<code>\\*</code>"),
        ("¯\\_(ツ)_/¯", "¯\\_(ツ)_/¯"),
    ]);
}

#[test]
fn code_shows_markers_as_they_are() {
    assert_paragraphs(&[
        ("`**a** <b> \\n https://a.org`", "<code>**a** <b> \\n https://a.org</code>"),
        ("``a ` b``", "<code>a ` b</code>"),
        ("`` ` ``", "<code>`</code>"),
        ("` `", "<code> </code>"),
        ("`a` and ``b`", "<code>a</code> and ``b`"),
        ("**a `b** c`", "**a <code>b** c</code>"),
        ("```one line```", "<code>one line</code>"),
        ("a `b", "a `b"),
    ]);
}

#[test]
fn addresses_are_links() {
    assert_paragraphs(&[
        (
            "See https://example.org/a?b=c#d, or (http://example.org/x).",
            "See <a=https://example.org/a?b=c#d>https://example.org/a?b=c#d</a>, or \
             (<a=http://example.org/x>http://example.org/x</a>).",
        ),
        ("https://a.org/Rust_(fungus)", "<a=https://a.org/Rust_(fungus)>https://a.org/Rust_(fungus)</a>"),
        ("(https://a.org/b(c)[d]).", "(<a=https://a.org/b(c)[d]>https://a.org/b(c)[d]</a>)."),
        ("[https://a.org/)x]", "[<a=https://a.org/)x>https://a.org/)x</a>]"),
        ("https://…… https://a.org", "https://…… <a=https://a.org>https://a.org</a>"),
        ("xhttp://a.org http://b.org", "xhttp://a.org <a=http://b.org>http://b.org</a>"),
        ("https://a.org\nhttps://b.org", "<a=https://a.org>https://a.org</a>\n<a=https://b.org>https://b.org</a>"),
        ("é https://é.org/é…。 é", "é <a=https://é.org/é>https://é.org/é</a>…。 é"),
        ("((https://a.org))", "((<a=https://a.org>https://a.org</a>))"),
        ("日本https://a.org", "日本<a=https://a.org>https://a.org</a>"),
        ("**https://a.org**", "<b><a=https://a.org>https://a.org</a></b>"),
        ("||https://a.org||", "<spoiler><a=https://a.org>https://a.org</a></spoiler>"),
        ("https://a.org/a_b_c*d*e", "<a=https://a.org/a_b_c*d*e>https://a.org/a_b_c*d*e</a>"),
        ("<https://a.org>", "<<a=https://a.org>https://a.org</a>>"),
        ("mailto:kira@a.org!", "<a=mailto:kira@a.org>mailto:kira@a.org</a>!"),
    ]);
}

#[test]
fn a_link_may_have_a_text() {
    assert_paragraphs(&[
        ("[the docs](https://a.org/b)", "<a=https://a.org/b>the docs</a>"),
        ("[**a** `b`](http://a.org)", "<a=http://a.org><b>a</b> <code>b</code></a>"),
        ("[write](mailto:kira@a.org)", "<a=mailto:kira@a.org>write</a>"),
        ("[a](https://a.org/b_(c)) d)", "<a=https://a.org/b_(c)>a</a> d)"),
        ("**[a](https://a.org)**", "<b><a=https://a.org>a</a></b>"),
        ("*a [b* c](https://a.org) d*", "<i>a <a=https://a.org>b* c</a> d</i>"),
        ("[[a]](https://a.org)", "<a=https://a.org>[a]</a>"),
        ("[a [b](https://a.org)](https://c.org)", "[a <a=https://a.org>b</a>](<a=https://c.org>https://c.org</a>)"),
        ("![a](https://a.org)", "!<a=https://a.org>a</a>"),
    ]);
}

/// A link can't show one address and lead to another.
#[test]
fn the_text_of_a_link_is_no_address() {
    assert_paragraphs(&[(
        "[https://bank.org](https://thief.org)",
        "[<a=https://bank.org>https://bank.org</a>](<a=https://thief.org>https://thief.org</a>)",
    )]);
}

#[test]
fn addresses_of_other_schemes_stay_text() {
    assert_stays_text(&[
        "http",
        "https://",
        "http:// x",
        "xhttp://a.org",
        "javascript:alert(1)",
        "data:text/html,x",
        "HTTP://A.ORG",
        "https://)(",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java\tscript:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](data:text/html,x)",
        "[a](//a.org) [a](/a) [a](a) [a]() [a]",
        "[a](ftp://a.org) [a](file:///etc/passwd)",
        "[a](mailto:) [a]( https://) [a](https://)",
        "[a](vbscript:x)",
    ]);
}

#[test]
fn the_host_of_an_address_is_where_it_leads() {
    for (address, expected) in [
        ("https://a.org", "a.org"),
        ("http://a.org:8080/b?c=d@e#f", "a.org:8080"),
        ("https://bank.org@thief.org/x", "thief.org"),
        ("https://a.org?b@c", "a.org"),
        ("mailto:kira@a.org?subject=b", "kira@a.org"),
    ] {
        assert_eq!(host(address), expected);
    }
}

#[test]
fn a_link_with_a_space_or_without_a_text_shows_its_address() {
    assert_paragraphs(&[
        ("[](https://a.org)", "[](<a=https://a.org>https://a.org</a>)"),
        ("[a](https://a.org b)", "[a](<a=https://a.org>https://a.org</a> b)"),
        ("[a]( https://a.org)", "[a]( <a=https://a.org>https://a.org</a>)"),
        ("[a\n\nb](https://a.org)", "[a\n\nb](<a=https://a.org>https://a.org</a>)"),
    ]);
}

/// What its author hides stays hidden.
#[test]
fn a_spoiler_goes_on_after_a_blank_line_and_contains_no_other() {
    assert_paragraphs(&[
        ("||a *b\n\nc* d||", "<spoiler>a *b\n\nc* d</spoiler>"),
        ("||a ||b|| c||", "<spoiler>a ||b|| c</spoiler>"),
    ]);
}

#[test]
fn line_breaks_and_blank_lines_are_kept() {
    assert_paragraphs(&[("a\nb", "a\nb"), ("a\n\n\n  b ", "a\n\n\n  b "), ("a\r\nb", "a\nb")]);
    assert_blocks(&[("", ""), ("\n \n", "")]);
}

#[test]
fn three_backticks_begin_and_end_code() {
    assert_blocks(&[
        ("```\na\n```", "<pre>a</pre>"),
        ("```rust\nfn a() {}\n\n  b\n```\nc", "<pre=rust>fn a() {}\n\n  b</pre><p>c</p>"),
        ("a\n```c++\n**b**\n> c\n- d\n```", "<p>a</p><pre=c++>**b**\n> c\n- d</pre>"),
        ("```\na", "<pre>a</pre>"),
        ("```", "<pre></pre>"),
        ("````\n```\n````", "<pre>```</pre>"),
        ("```\na\n`````", "<pre>a</pre>"),
        ("```js\na```", "<pre=js>a</pre>"),
        ("```let a = 1;\nlet b```", "<pre>let a = 1;\nlet b</pre>"),
        ("  ```\n    a\n  b\n  ```", "<pre>  a\nb</pre>"),
        ("> ```\n> a\n> ```\nb", "<quote><pre>a</pre></quote><p>b</p>"),
    ]);
}

#[test]
fn an_angle_bracket_begins_a_quote() {
    assert_blocks(&[
        ("> a\n> b\nc", "<quote><p>a\nb</p></quote><p>c</p>"),
        (">a\n>\n>b", "<quote><p>a\n\nb</p></quote>"),
        ("a\n> **b**", "<p>a</p><quote><p><b>b</b></p></quote>"),
        ("> > a\n>> b\n> c", "<quote><quote><p>a\nb</p></quote><p>c</p></quote>"),
        ("> - a\n> - b", "<quote><ul><li>a</li><li>b</li></ul></quote>"),
        (">_< and >:(", "<p>>_< and >:(</p>"),
        ("a > b", "<p>a > b</p>"),
    ]);
}

#[test]
fn lines_with_bullets_or_numbers_are_lists() {
    assert_blocks(&[
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("Buy:\n* a\n+ **b**\nc", "<p>Buy:</p><ul><li>a</li><li><b>b</b></li></ul><p>c</p>"),
        ("1. a\n2. b", "<ol=1><li>a</li><li>b</li></ol>"),
        ("7) a\n9) b", "<ol=7><li>a</li><li>b</li></ol>"),
        ("- a\n\n- b\n\nc", "<ul><li>a</li><li>b</li></ul><p>c</p>"),
        ("- a\n1. b", "<ul><li>a</li></ul><ol=1><li>b</li></ol>"),
        ("- a\n  more\n- b", "<ul><li>a\nmore</li><li>b</li></ul>"),
        ("- a\n  - b\n  - c\n- d", "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>"),
        ("1. a\n\t- b\n\t  more", "<ol=1><li>a<ul><li>b\nmore</li></ul></li></ol>"),
        ("- a\n  - b\n      - c", "<ul><li>a<ul><li>b</li><li>c</li></ul></li></ul>"),
        ("1. a\n   ```\n   b\n   ```\n2. c", "<ol=1><li>a</li></ol><pre>b</pre><ol=2><li>c</li></ol>"),
    ]);
}

#[test]
fn lines_that_only_look_like_items_stay_text() {
    assert_stays_text(&[
        "-",
        "- ",
        "-5 degrees",
        "1.",
        "1.5 or 2",
        "a\n1986. b",
        "1234567890. a",
        "-a\n*b",
        "10.30 Uhr",
    ]);
}

#[test]
fn markup_deeper_than_the_limit_stays_text() {
    let quotes = "> ".repeat(MAX_DEPTH + 2) + "**a**";
    let expected = format!("{}<p>> > **a**</p>{}", "<quote>".repeat(MAX_DEPTH), "</quote>".repeat(MAX_DEPTH));
    assert_blocks(&[(&quotes, &expected)]);
    let marks = "*a **b ".repeat(MAX_DEPTH) + &"b** a*".repeat(MAX_DEPTH);
    assert_eq!(drawn(&parse(&marks)).matches("<i>").count(), MAX_DEPTH / 2);
}
