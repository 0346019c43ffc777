//! The text of a message without its markup, and the parts of it that are shown exactly as they were typed.

use std::ops::Range;

use crate::blocks::parse;
use crate::tree::{Block, Inline, List, Mark};

/// Stands for a spoiler, and for what is cut off.
const ELLIPSIS: &str = "…";

/// The text so far.
struct Line {
    text: String,
    n_left: usize,
    /// Whether white space came after the text.
    is_apart: bool,
}

/// Returns the text of a message on one line, without markup, in at most `max_chars` characters (at least one). Spoilers are left out,
/// and the last character is `…` if the text is longer. Used for quotes, labels and notifications.
#[must_use]
pub fn plain_text(text: &str, max_chars: usize) -> String {
    let mut line = Line { text: String::new(), n_left: max_chars, is_apart: false };
    if !line.blocks(&parse(text)) {
        if line.n_left == 0 {
            line.text.pop();
        }
        line.text.push_str(ELLIPSIS);
    }
    line.text
}

/// Returns the parts of a text that are code, or the address of a link, in their order.
#[must_use]
pub fn verbatim_ranges(text: &str) -> Vec<Range<usize>> {
    let mut slices = Vec::new();
    verbatim_in_blocks(&parse(text), &mut slices);
    // The slices that are not empty are parts of `text`.
    slices.retain(|slice| !slice.is_empty());
    let start = text.as_ptr() as usize;
    let range = |slice: &str| {
        let from = slice.as_ptr() as usize - start;
        from..from + slice.len()
    };
    slices.into_iter().map(range).collect()
}

impl Line {
    /// Adds text. Returns false if not all of it fits. White space becomes one space.
    fn add(&mut self, text: &str) -> bool {
        for c in text.chars() {
            if c.is_whitespace() {
                self.is_apart = true;
                continue;
            }
            let space = if self.is_apart && !self.text.is_empty() { " " } else { "" };
            self.is_apart = false;
            if self.n_left <= space.len() {
                return false;
            }
            self.n_left -= 1 + space.len();
            self.text.push_str(space);
            self.text.push(c);
        }
        true
    }

    fn blocks(&mut self, blocks: &[Block]) -> bool {
        blocks.iter().all(|block| {
            self.is_apart = true;
            match block {
                Block::Paragraph(inlines) => self.inlines(inlines),
                Block::Code { lines, .. } => lines.iter().all(|line| self.add(line) && self.add("\n")),
                Block::Quote(blocks) => self.blocks(blocks),
                Block::List(list) => self.list(list),
            }
        })
    }

    fn list(&mut self, list: &List) -> bool {
        list.items.iter().all(|item| {
            self.is_apart = true;
            self.inlines(&item.text) && item.nested.as_ref().is_none_or(|nested| self.list(nested))
        })
    }

    fn inlines(&mut self, inlines: &[Inline]) -> bool {
        inlines.iter().all(|inline| match inline {
            Inline::Text(text) => self.add(text),
            Inline::Code(code) => self.add(code),
            Inline::Marked(Mark::Spoiler, _) => self.add(ELLIPSIS),
            Inline::Marked(_, inner) | Inline::Link { text: inner, .. } => self.inlines(inner),
        })
    }
}

fn verbatim_in_blocks<'a>(blocks: &[Block<'a>], found: &mut Vec<&'a str>) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => verbatim_in_inlines(inlines, found),
            Block::Code { language, lines } => {
                found.push(language);
                found.extend(lines);
            }
            Block::Quote(blocks) => verbatim_in_blocks(blocks, found),
            Block::List(list) => verbatim_in_list(list, found),
        }
    }
}

fn verbatim_in_list<'a>(list: &List<'a>, found: &mut Vec<&'a str>) {
    for item in &list.items {
        verbatim_in_inlines(&item.text, found);
        item.nested.iter().for_each(|nested| verbatim_in_list(nested, found));
    }
}

fn verbatim_in_inlines<'a>(inlines: &[Inline<'a>], found: &mut Vec<&'a str>) {
    for inline in inlines {
        match inline {
            Inline::Text(_) => {}
            Inline::Code(code) => found.push(code),
            Inline::Marked(_, inner) => verbatim_in_inlines(inner, found),
            Inline::Link { address, text } => {
                verbatim_in_inlines(text, found);
                found.push(address);
            }
        }
    }
}
