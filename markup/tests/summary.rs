//! The text of a message without its markup, and the parts of it that are shown as typed.

use hubbub_markup::{plain_text, verbatim_ranges};

#[test]
fn the_plain_text_is_one_line_without_markup() {
    for (typed, expected) in [
        ("**Hi** _there_,\n\n  ~~all~~ `x`", "Hi there, all x"),
        ("> quote\nanswer", "quote answer"),
        ("- a\n  - b\n- c", "a b c"),
        ("see:\n```rust\nfn a()\n  {}\n```", "see: fn a() {}"),
        ("[docs](https://a.org) https://b.org", "docs https://b.org"),
        ("2 * 3", "2 * 3"),
        ("", ""),
    ] {
        assert_eq!(plain_text(typed, 100), expected);
    }
}

/// A quote or notification must not give a spoiler away.
#[test]
fn the_plain_text_has_no_spoilers() {
    assert_eq!(plain_text("It was ||the **butler**||!", 100), "It was …!");
}

#[test]
fn the_plain_text_is_cut_at_its_limit() {
    for (max, expected) in [(1, "…"), (2, "a…"), (3, "ab…"), (4, "ab …"), (5, "ab cd"), (6, "ab cd")] {
        assert_eq!(plain_text("ab **cd**", max), expected, "{max}");
    }
    assert_eq!(plain_text(&"é".repeat(5_000), 3), "éé…");
}

#[test]
fn code_and_addresses_are_verbatim() {
    let text = "a `b` *c*\n> ```rust\n> d\n> e\n> ```\n- [f](https://g) `h`";
    let parts: Vec<&str> = verbatim_ranges(text).into_iter().map(|range| &text[range]).collect();
    assert_eq!(parts, ["b", "rust", "d", "e", "https://g", "h"]);
}
