//! Splits a text into blocks: paragraphs, fenced code, quotes and lists.

use crate::inlines::inlines;
use crate::lists;
use crate::tree::{Block, MAX_DEPTH};

/// The number of backticks that begins fenced code.
const MIN_FENCE: usize = 3;

/// A line that begins fenced code.
struct Fence<'a> {
    /// The backticks.
    ticks: &'a str,
    indent: usize,
    /// The rest of the line.
    after: &'a str,
}

/// Parses the text of a message. The cost is linear in its length, and the depth of the tree is at most [`MAX_DEPTH`].
#[must_use]
pub fn parse(text: &str) -> Vec<Block<'_>> {
    blocks(&text.lines().collect::<Vec<_>>(), 0)
}

/// Returns the blocks of lines, which are inside of `depth` quotes.
fn blocks<'a>(lines: &[&'a str], depth: usize) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let (mut i, mut paragraph_start) = (0, 0);
    while i < lines.len() {
        let is_after_text = i > paragraph_start && !is_blank(lines[i - 1]);
        match block(&lines[i..], depth, is_after_text) {
            Some((block, n_lines)) => {
                blocks.extend(paragraph(&lines[paragraph_start..i], depth));
                blocks.push(block);
                i += n_lines;
                paragraph_start = i;
            }
            None => i += 1,
        }
    }
    blocks.extend(paragraph(&lines[paragraph_start..], depth));
    blocks
}

/// Returns the block that begins with the first line, and the number of its lines, or None if the line is text.
fn block<'a>(lines: &[&'a str], depth: usize, is_after_text: bool) -> Option<(Block<'a>, usize)> {
    if let Some(fence) = Fence::of(lines[0]) {
        return Some(fence.code(lines));
    }
    if depth >= MAX_DEPTH {
        return None;
    }
    let quoted: Vec<&str> = lines.iter().map_while(|line| quoted(line)).collect();
    if !quoted.is_empty() {
        return Some((Block::Quote(blocks(&quoted, depth + 1)), quoted.len()));
    }
    let marker = lists::marker(lines[0])?;
    // As in CommonMark: a line of a paragraph that begins with a year and a full stop is no list.
    if is_after_text && marker.number.is_some_and(|number| number != 1) {
        return None;
    }
    let (list, n_lines) = lists::list(lines, depth + 1);
    Some((Block::List(list), n_lines))
}

/// Returns the lines without the blank ones around them.
fn paragraph<'a>(lines: &[&'a str], depth: usize) -> Option<Block<'a>> {
    let first = lines.iter().position(|line| !is_blank(line))?;
    let last = lines.iter().rposition(|line| !is_blank(line))?;
    Some(Block::Paragraph(inlines(&lines[first..=last], depth)))
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// Returns the text of a quoted line, or None. An emoticon such as `>_<` or `>:(` begins no quote.
fn quoted(line: &str) -> Option<&str> {
    let text = line.strip_prefix('>')?;
    let is_emoticon = text.starts_with(['_', '.', ':', ';', '=', '<']);
    (!is_emoticon).then(|| text.strip_prefix(' ').unwrap_or(text))
}

impl<'a> Fence<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let text = line.trim_start();
        let n_ticks = text.len() - text.trim_start_matches('`').len();
        let after = text[n_ticks..].trim();
        let is_fence = n_ticks >= MIN_FENCE && !after.contains('`');
        is_fence.then(|| Self { ticks: &text[..n_ticks], indent: line.len() - text.len(), after })
    }

    /// Returns the code up to a line that ends with the same backticks, or up to the last line. The fence is followed by
    /// the language or by the first line of the code.
    fn code(&self, lines: &[&'a str]) -> (Block<'a>, usize) {
        let is_language = self.after.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+#-_.".contains(&byte));
        let (language, mut code) = if is_language { (self.after, Vec::new()) } else { ("", vec![self.after]) };
        let mut n_lines = 1;
        for line in &lines[1..] {
            n_lines += 1;
            let n_spaces = line.bytes().take(self.indent).take_while(|byte| *byte == b' ').count();
            let line = &line[n_spaces..];
            let Some(last) = line.trim_end().strip_suffix(self.ticks) else {
                code.push(line);
                continue;
            };
            if !last.trim_matches([' ', '`']).is_empty() {
                code.push(last);
            }
            break;
        }
        (Block::Code { language, lines: code }, n_lines)
    }
}
