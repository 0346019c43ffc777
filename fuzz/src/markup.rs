//! What must hold of the markup of any text. Called by the fuzz target and by `markup/tests/seeds.rs`.

use hubbub_markup::{Block, Inline, List, MAX_DEPTH, highlight, is_few_emoji, parse, plain_text, verbatim_ranges};

/// The longest summary.
const MAX_SUMMARY: usize = 100;

/// A text has a tree of bounded depth and a bounded summary. Verbatim parts are parts of the text, in order. Links have
/// the schemes that run no script. The tokens of code joined are the code.
pub(crate) fn check(text: &str) {
    check_blocks(&parse(text), 0);
    assert!(plain_text(text, MAX_SUMMARY).chars().count() <= MAX_SUMMARY);
    let mut end = 0;
    for range in verbatim_ranges(text) {
        assert!(end <= range.start && text.get(range.clone()).is_some());
        end = range.end;
    }
    assert!(!is_few_emoji(text) || !text.contains(|c: char| c.is_alphabetic()));
}

fn check_blocks(blocks: &[Block], depth: usize) {
    assert!(depth <= MAX_DEPTH);
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => check_inlines(inlines, depth),
            Block::Code { language, lines } => {
                let code = lines.join("\n");
                let joined: String = highlight(language, &code).into_iter().map(|(_, token)| token).collect();
                assert_eq!(joined, code);
            }
            Block::Quote(blocks) => check_blocks(blocks, depth + 1),
            Block::List(list) => check_list(list, depth + 1),
        }
    }
}

fn check_list(list: &List, depth: usize) {
    for item in &list.items {
        check_inlines(&item.text, depth);
        item.nested.iter().for_each(|nested| check_list(nested, depth + 1));
    }
}

fn check_inlines(inlines: &[Inline], depth: usize) {
    assert!(depth <= MAX_DEPTH);
    for inline in inlines {
        match inline {
            Inline::Text(_) | Inline::Code(_) => {}
            Inline::Marked(_, inner) => check_inlines(inner, depth + 1),
            Inline::Link { address, text } => {
                assert!(["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme)));
                assert!(!address.contains(char::is_whitespace));
                check_inlines(text, depth + 1);
            }
        }
    }
}
