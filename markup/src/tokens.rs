//! The tokens of a block's lines. `lexer` reads them, `pairs` pairs them.

use crate::tree::Mark;

/// The number of kinds of runs that [`Run::kind`] tells apart.
pub(crate) const N_KINDS: usize = 24;

/// A part of a text.
pub(crate) enum Token<'a> {
    /// Text, or the end of a line (`\n`).
    Text(&'a str),
    /// Inline code.
    Code(&'a str),
    /// A bare address.
    Address(&'a str),
    /// `[` that begins no link, or not yet.
    Bracket,
    /// The `[` of a link to this address.
    LinkStart(&'a str),
    /// The `](address)` of a link.
    LinkEnd(&'a str),
    /// The run of this index.
    Run(usize),
    /// A blank line.
    ParagraphEnd,
}

/// A run of the same marker character: one or more of `*` or `_`, or `~~`, or `||`.
pub(crate) struct Run<'a> {
    pub(crate) text: &'a str,
    /// Whether marks may start here (CommonMark: a left-flanking run).
    pub(crate) may_start: bool,
    /// Whether marks may end here (CommonMark: a right-flanking run).
    pub(crate) may_end: bool,
    /// The marks that end here, the inner ones first.
    pub(crate) ends: Vec<Mark>,
    /// The marks that start here, the inner ones first.
    pub(crate) starts: Vec<Mark>,
}

impl<'a> Run<'a> {
    /// The run `text` between the other text of its line.
    pub(crate) fn between(before: &str, text: &'a str, after: &str) -> Self {
        let previous = before.chars().next_back().unwrap_or(' ');
        let next = after.chars().next().unwrap_or(' ');
        let (space_before, space_after) = (previous.is_whitespace(), next.is_whitespace());
        // Only ASCII: in Chinese and Japanese, marks that end after a full stop are followed by a letter.
        let (mark_before, mark_after) = (previous.is_ascii_punctuation(), next.is_ascii_punctuation());
        let starts = !space_after && (!mark_after || space_before || mark_before);
        let ends = !space_before && (!mark_before || space_after || mark_after);
        let (may_start, may_end) = match text.as_bytes()[0] {
            // Underscores inside of a word are part of it.
            b'_' => (starts && (!ends || mark_before), ends && (!starts || mark_after)),
            b'~' => (!space_after, ends),
            b'|' => (!space_after, !space_before),
            _ => (starts, ends),
        };
        Self { text, may_start, may_end, ends: Vec::new(), starts: Vec::new() }
    }

    /// Whether a mark may start in this run and end in `end`.
    pub(crate) fn fits(&self, end: &Self) -> bool {
        let (n, m) = (self.text.len(), end.text.len());
        let is_ambiguous = self.may_end || end.may_start;
        self.text.as_bytes()[0] == end.text.as_bytes()[0]
            && !(is_ambiguous && (n + m).is_multiple_of(3) && !n.is_multiple_of(3))
    }

    /// Runs of the same kind fit the same starts.
    pub(crate) fn kind(&self) -> usize {
        let marker = "*_~|".find(&self.text[..1]).unwrap_or(0);
        (marker * 2 + usize::from(self.may_start)) * 3 + self.text.len() % 3
    }
}
