//! What holds of any text.

use std::time::{Duration, Instant};

use hubbub_markup::{
    Block, Inline, Item, List, MAX_DEPTH, highlight, is_few_emoji, parse, plain_text, verbatim_ranges,
};
use proptest::prelude::*;

/// Characters of which markup consists, and some others.
const PIECES: [&str; 34] = [
    "*",
    "**",
    "_",
    "__",
    "~~",
    "||",
    "|",
    "`",
    "``",
    "```",
    "\n",
    "\n\n",
    " ",
    "  ",
    "\t",
    "> ",
    ">",
    "- ",
    "1. ",
    "[",
    "](",
    ")",
    "](https://a.b)",
    "https://a.b",
    "mailto:c",
    "\\",
    "a",
    "é",
    "。",
    "👍🏽",
    "rust",
    "\"",
    "'",
    "//",
];

/// Markup of which a parser without bounds does much more than it has characters.
const HOSTILE: [&str; 28] = [
    "*a **a ",
    "_a b* ",
    "||a b~~ ",
    "*",
    "**a",
    "a** ",
    "_a __a ",
    "a_ ",
    "~~a ",
    "||a ",
    "a|| ",
    "||a\n\n",
    "[",
    "[a](",
    "[a](https://",
    "](https://a",
    "`",
    "`a``a```a````a",
    "```\n",
    "> ",
    ">",
    "- a\n",
    "- a\n  ",
    "  - a\n",
    "\n",
    "https://a(",
    "http://",
    "\\*",
];

/// The languages whose lexers differ most.
const LANGUAGES: [&str; 7] = ["rust", "js", "py", "sql", "yaml", "html", "css"];

fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(PIECES.to_vec());
    prop_oneof![prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat()), ".{0,60}",]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_tree_of_any_text_is_bounded_and_contains_the_text_without_markers(text in texts()) {
        let blocks = parse(&text);
        prop_assert!(depth(&blocks) <= MAX_DEPTH, "{blocks:?}");
        let mut typed = text.chars();
        for c in words(&blocks).chars().filter(|c| !c.is_whitespace()) {
            prop_assert!(typed.any(|t| t == c), "{c:?} is not in the text there: {blocks:?}");
        }
        // Markers are ASCII punctuation, white space, and the numbers of items.
        let is_kept = |c: &char| !c.is_ascii_punctuation() && !c.is_whitespace() && !c.is_ascii_digit();
        let kept = |text: &str| text.chars().filter(is_kept).collect::<String>();
        prop_assert_eq!(kept(&words(&blocks)), kept(&text));
    }

    #[test]
    fn other_functions_bear_any_text(text in texts(), language in prop::sample::select(LANGUAGES.to_vec()), max in 1_usize..20) {
        let summary = plain_text(&text, max);
        prop_assert!(summary.chars().count() <= max && !summary.contains('\n'));
        let mut end = 0;
        for range in verbatim_ranges(&text) {
            prop_assert!(end <= range.start && text.get(range.clone()).is_some());
            end = range.end;
        }
        let _ = is_few_emoji(&text);
        let joined: String = highlight(language, &text).into_iter().map(|(_, token)| token).collect();
        prop_assert_eq!(joined, text);
    }
}

/// Compares the time for a text with the time for 64 times the text. A parser that is quadratic anywhere takes 4,096 times as
/// long. The limit lies between both, because other programs take processor time too.
#[test]
fn hostile_markup_costs_time_in_proportion_to_its_length() {
    for hostile in HOSTILE {
        let text = hostile.repeat(2_048 / hostile.len());
        let ratio = shortest(&text.repeat(64)).as_secs_f64() / shortest(&text).as_secs_f64();
        assert!(ratio < 640.0, "{hostile:?}: 64 times the text takes {ratio:.0} times as long");
    }
}

fn shortest(text: &str) -> Duration {
    let time = || {
        let start = Instant::now();
        let blocks = parse(text);
        let duration = start.elapsed();
        assert!(depth(&blocks) <= MAX_DEPTH);
        duration
    };
    (0..5).map(|_| time()).min().unwrap_or_default()
}

fn depth(blocks: &[Block]) -> usize {
    let of_block = |block: &Block| match block {
        Block::Paragraph(inlines) => depth_of_inlines(inlines),
        Block::Code { .. } => 0,
        Block::Quote(blocks) => 1 + depth(blocks),
        Block::List(list) => depth_of_list(list),
    };
    blocks.iter().map(of_block).max().unwrap_or(0)
}

fn depth_of_list(list: &List) -> usize {
    let items = list.items.iter();
    let of_items = items.map(|item| depth_of_inlines(&item.text).max(item.nested.as_ref().map_or(0, depth_of_list)));
    1 + of_items.max().unwrap_or(0)
}

fn depth_of_inlines(inlines: &[Inline]) -> usize {
    let of_inline = |inline: &Inline| match inline {
        Inline::Text(_) | Inline::Code(_) => 0,
        Inline::Marked(_, inner) | Inline::Link { text: inner, .. } => 1 + depth_of_inlines(inner),
    };
    inlines.iter().map(of_inline).max().unwrap_or(0)
}

/// Returns the text of the tree with the languages of code and the addresses of links, in the order of typing.
fn words(blocks: &[Block]) -> String {
    let of_block = |block: &Block| match block {
        Block::Paragraph(inlines) => words_of_inlines(inlines),
        Block::Code { language, lines } => format!("{language}\n{}", lines.join("\n")),
        Block::Quote(blocks) => words(blocks),
        Block::List(list) => words_of_list(list),
    };
    blocks.iter().map(of_block).collect()
}

fn words_of_list(list: &List) -> String {
    let of_item =
        |item: &Item| words_of_inlines(&item.text) + &item.nested.as_ref().map_or_else(String::new, words_of_list);
    list.items.iter().map(of_item).collect()
}

fn words_of_inlines(inlines: &[Inline]) -> String {
    let of_inline = |inline: &Inline| match inline {
        Inline::Text(text) => text.clone(),
        Inline::Code(code) => (*code).to_owned(),
        Inline::Marked(_, inner) => words_of_inlines(inner),
        Inline::Link { address, text } => match words_of_inlines(text) {
            text if text == *address => text,
            text => text + address,
        },
    };
    inlines.iter().map(of_inline).collect()
}
