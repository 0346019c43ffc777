//! What the subset shares with CommonMark means the same in it. The oracle is pulldown-cmark.

mod support;

use hubbub_markup::{MAX_DEPTH, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use support::drawn;

/// Words and markers of inlines. Tildes only in pairs, because a single one is a marker in the oracle's extension.
const INLINES: [&str; 16] =
    ["a", "b c", " ", "*", "**", "***", "_", "__", "~~", "`", "``", "(", ".", "\\*", "[d](https://a.b/c)", "\n"];

/// Blocks.
const BLOCKS: [&str; 12] = [
    "a",
    "b *c*\nd",
    "> e\n> f",
    "> g\n>\n> > h",
    "> - i\n> - j",
    "```\nk\n```",
    "```rust\nl\n\n  *m*\n```",
    "- n\n- **o**",
    "1. p\n2. q",
    "- r\n  - s\n  - t\n- u",
    "3) v\n   - w",
    "- x\n  y",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn inlines_mean_what_they_mean_in_commonmark(pieces in vec(select(INLINES.to_vec()), 1..14)) {
        // A word begins every line, so that no line is an item or a fence. The oracle drops spaces at the end.
        let lines: Vec<String> = pieces.concat().lines().map(|line| format!("x{}", line.trim_end())).collect();
        let text = lines.join("\n");
        let expected = oracle(&text);
        if is_shared(&text, &expected) {
            prop_assert_eq!(drawn(&parse(&text)), expected, "{:?}", text);
        }
    }

    #[test]
    fn blocks_mean_what_they_mean_in_commonmark(blocks in vec(select(BLOCKS.to_vec()), 1..8)) {
        let text = blocks.join("\n\nnext\n\n");
        // A blank line is a line break here, and ends a paragraph there.
        prop_assert_eq!(drawn(&parse(&text)), oracle(&text).replace("</p><p>", "\n\n"), "{:?}", text);
    }
}

/// Whether a text means the same in the subset, which has inline code on one line only, and a limit of depth.
fn is_shared(text: &str, drawn: &str) -> bool {
    let mut depth = 0_usize;
    let tags = drawn.split('<').skip(1);
    let depths = tags.map(|tag| {
        depth = if tag.starts_with('/') { depth - 1 } else { depth + 1 };
        depth
    });
    // The paragraph is not counted by the limit.
    depths.max().unwrap_or(0) <= MAX_DEPTH + 1 && !(text.contains('`') && text.contains('\n'))
}

/// Draws the oracle's events as `support` draws the tree.
fn oracle(text: &str) -> String {
    let mut drawn = String::new();
    let mut ends = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(tag) => {
                let (start, end) = tags(&tag);
                drawn.push_str(&start);
                ends.push(end);
            }
            Event::End(tag) => {
                if tag == TagEnd::CodeBlock && drawn.ends_with('\n') {
                    drawn.pop();
                }
                drawn.push_str(ends.pop().expect("the end of a tag that has begun"));
            }
            Event::Text(text) => drawn.push_str(&text),
            Event::Code(code) => drawn.push_str(&format!("<code>{code}</code>")),
            Event::SoftBreak | Event::HardBreak => drawn.push('\n'),
            other => panic!("{other:?} is not part of the subset"),
        }
    }
    drawn
}

fn tags(tag: &Tag) -> (String, &'static str) {
    let (start, end) = match tag {
        Tag::Paragraph => ("<p>", "</p>"),
        Tag::Strong => ("<b>", "</b>"),
        Tag::Emphasis => ("<i>", "</i>"),
        Tag::Strikethrough => ("<s>", "</s>"),
        Tag::BlockQuote(_) => ("<quote>", "</quote>"),
        Tag::Item => ("<li>", "</li>"),
        Tag::List(None) => ("<ul>", "</ul>"),
        Tag::List(Some(start)) => return (format!("<ol={start}>"), "</ol>"),
        Tag::Link { dest_url, .. } => return (format!("<a={dest_url}>"), "</a>"),
        Tag::CodeBlock(CodeBlockKind::Fenced(language)) if !language.is_empty() => {
            return (format!("<pre={language}>"), "</pre>");
        }
        Tag::CodeBlock(_) => ("<pre>", "</pre>"),
        other => panic!("{other:?} is not part of the subset"),
    };
    (start.to_owned(), end)
}
