//! Reads the items of a list, and of the lists inside of its items. Called by `blocks`.

use crate::inlines::inlines;
use crate::tree::{Item, List, MAX_DEPTH};

/// The columns by which a line is indented to belong to the item before it.
const INDENT: usize = 2;
/// The longest number of an item. It fits into a `u32`.
const MAX_DIGITS: usize = 9;

/// The beginning of a line that is an item.
#[derive(Clone, Copy)]
pub(crate) struct Marker<'a> {
    /// The number of the item, or None for a bullet.
    pub(crate) number: Option<u32>,
    text: &'a str,
}

/// The lines of an item.
struct Lines<'a> {
    marker: Marker<'a>,
    text: Vec<&'a str>,
    nested: Vec<Lines<'a>>,
}

/// Returns the marker at the beginning of a line, or None if the line is no item.
pub(crate) fn marker(line: &str) -> Option<Marker<'_>> {
    let n_digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let number = line[..n_digits].parse().ok();
    let after = match n_digits {
        0 => line.strip_prefix(['-', '*', '+'])?,
        1..=MAX_DIGITS => line[n_digits..].strip_prefix(['.', ')'])?,
        _ => return None,
    };
    let text = after.trim_start();
    (after.starts_with([' ', '\t']) && !text.is_empty()).then_some(Marker { number, text })
}

/// Returns the list that begins with the first line, and the number of its lines. `depth` is that of the list.
pub(crate) fn list<'a>(lines: &[&'a str], depth: usize) -> (List<'a>, usize) {
    let mut items: Vec<Lines> = Vec::new();
    let mut i = 0;
    while i < lines.len() {
        let n_blank = lines[i..].iter().take_while(|line| line.trim().is_empty()).count();
        let Some(line) = lines.get(i + n_blank) else { break };
        let text = line.trim_start();
        let marker = marker(text);
        if text.starts_with("```") {
            break;
        }
        match (marker, items.last_mut()) {
            (Some(marker), None) => items.push(Lines::of(marker)),
            (Some(marker), Some(last)) if indent(line) >= INDENT && depth < MAX_DEPTH => {
                last.nested.push(Lines::of(marker));
            }
            (Some(marker), Some(last)) if indent(line) < INDENT && last.marker.is_like(marker) => {
                items.push(Lines::of(marker));
            }
            (_, Some(last)) if indent(line) >= INDENT && n_blank == 0 => {
                last.end().push(text);
            }
            _ => break,
        }
        i += n_blank + 1;
    }
    (tree(&items, depth), i)
}

impl<'a> Lines<'a> {
    fn of(marker: Marker<'a>) -> Self {
        Self { marker, text: vec![marker.text], nested: Vec::new() }
    }

    /// Returns the text that a further line belongs to.
    fn end(&mut self) -> &mut Vec<&'a str> {
        match self.nested.last_mut() {
            Some(nested) => &mut nested.text,
            None => &mut self.text,
        }
    }
}

impl Marker<'_> {
    /// Whether two items belong to the same list.
    fn is_like(self, other: Marker<'_>) -> bool {
        self.number.is_some() == other.number.is_some()
    }
}

/// Returns the columns before the text of a line. A tab is as wide as an indent.
fn indent(line: &str) -> usize {
    line.bytes().take_while(u8::is_ascii_whitespace).map(|byte| if byte == b'\t' { INDENT } else { 1 }).sum()
}

fn tree<'a>(items: &[Lines<'a>], depth: usize) -> List<'a> {
    let item = |item: &Lines<'a>| Item {
        text: inlines(&item.text, depth),
        nested: (!item.nested.is_empty()).then(|| tree(&item.nested, depth + 1)),
    };
    List { start: items.first().and_then(|first| first.marker.number), items: items.iter().map(item).collect() }
}
