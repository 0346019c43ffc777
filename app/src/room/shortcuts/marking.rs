//! Plain rules for marking selected text: which text replaces the selection, and what is selected afterwards. Called by
//! `shortcuts`. Positions are in UTF-16 code units, as those of a text area.

use std::ops::Range;

use hubbub_markup::{Block, Inline, parse};

/// The markup that a key puts around the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    Strong,
    Emphasis,
    Strikethrough,
    Code,
}

/// A change of the text in a text area.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Replacement {
    /// The part that is replaced.
    pub(super) range: Range<usize>,
    pub(super) text: String,
    /// What is selected afterwards.
    pub(super) selection: Range<usize>,
}

impl Marker {
    /// The characters before and after the marked text.
    fn around(self, marked: &str) -> (&'static str, &'static str) {
        match self {
            Self::Strong => ("**", "**"),
            Self::Emphasis => ("*", "*"),
            Self::Strikethrough => ("~~", "~~"),
            // Inline code has one line.
            Self::Code if marked.contains('\n') => ("```\n", "\n```"),
            Self::Code => ("`", "`"),
        }
    }

    /// Whether text that ends with this marker (or begins with it, in reverse) is marked. `***` marks twice.
    fn ends(self, before: impl Iterator<Item = char>, marker: &str) -> bool {
        let first = marker.chars().next();
        let n_equal = before.take_while(|c| Some(*c) == first).count();
        if self == Self::Emphasis { n_equal % 2 == 1 } else { n_equal >= marker.chars().count() }
    }
}

/// Returns how a marker is put around the selected text, or is removed where it is around the text already.
pub(super) fn toggled(text: &str, selection: Range<usize>, marker: Marker) -> Replacement {
    let (start, end) = (byte_at(text, selection.start), byte_at(text, selection.end));
    // A double click selects the space after a word too.
    let selected = text[start..end].trim();
    let start = start + text[start..end].len() - text[start..end].trim_start().len();
    let end = start + selected.len();
    let (open, close) = marker.around(selected);
    let (before, after) = (&text[..start], &text[end..]);
    let is_one_line = !open.ends_with('\n');
    let outside = if is_one_line {
        marker.ends(before.chars().rev(), open) && marker.ends(after.chars(), close)
    } else {
        before.ends_with(open) && after.starts_with(close)
    };
    if outside {
        return replacement(text, start - open.len()..end + close.len(), selected, 0..selected.len());
    }
    let inner = selected.strip_prefix(open).and_then(|inner| inner.strip_suffix(close));
    let inside = inner
        .filter(|_| !is_one_line || marker.ends(selected.chars(), open) && marker.ends(selected.chars().rev(), close));
    if let Some(inner) = inside {
        return replacement(text, start..end, inner, 0..inner.len());
    }
    let marked = format!("{open}{selected}{close}");
    replacement(text, start..end, &marked, open.len()..open.len() + selected.len())
}

/// Returns how pasting an address over selected text makes it the text of a link. Returns None if the paste should do what
/// it always does.
pub(super) fn linked(text: &str, selection: Range<usize>, pasted: &str) -> Option<Replacement> {
    let (start, end) = (byte_at(text, selection.start), byte_at(text, selection.end));
    let (selected, address) = (&text[start..end], pasted.trim());
    let link = format!("[{selected}]({address})");
    let is_link = match &parse(&link)[..] {
        [Block::Paragraph(inlines)] => {
            matches!(&inlines[..], [Inline::Link { address: read, .. }] if *read == address)
        }
        _ => false,
    };
    is_link.then(|| replacement(text, start..end, &link, link.len()..link.len()))
}

/// Returns the replacement of a part of `text`, with the selection relative to the start of `by`. All ranges are in bytes.
fn replacement(text: &str, range: Range<usize>, by: &str, selection: Range<usize>) -> Replacement {
    let n_units = |text: &str| text.encode_utf16().count();
    let start = n_units(&text[..range.start]);
    Replacement {
        range: start..start + n_units(&text[range]),
        text: by.to_owned(),
        selection: start + n_units(&by[..selection.start])..start + n_units(&by[..selection.end]),
    }
}

/// Returns the byte at a position in UTF-16 code units.
fn byte_at(text: &str, position: usize) -> usize {
    let mut n_units = 0;
    let at = text.char_indices().find(|(_, c)| {
        n_units += c.len_utf16();
        n_units > position
    });
    at.map_or(text.len(), |(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Applies a replacement of a text whose selection is between `<` and `>`, and draws the text in the same way.
    fn after(text: &str, replace: impl Fn(&str, Range<usize>) -> Option<Replacement>) -> String {
        let plain = text.replace(['<', '>'], "");
        let n_units = |text: &str| text.encode_utf16().count();
        let start = n_units(text.split('<').next().unwrap());
        let end = start + n_units(text.split('<').nth(1).unwrap().split('>').next().unwrap());
        let Some(made) = replace(&plain, start..end) else { return text.to_owned() };
        let mut units: Vec<u16> = plain.encode_utf16().collect();
        units.splice(made.range, made.text.encode_utf16());
        let (start, end) = (made.selection.start, made.selection.end);
        let part = |range: Range<usize>| String::from_utf16(&units[range]).unwrap();
        format!("{}<{}>{}", part(0..start), part(start..end), part(end..units.len()))
    }

    fn marked(marker: Marker, text: &str) -> String {
        after(text, |text, selection| Some(toggled(text, selection, marker)))
    }

    #[test]
    fn a_marker_is_put_around_the_selection_and_removed_again() {
        for (marker, plain, with_marker) in [
            (Marker::Strong, "a <b> c", "a **<b>** c"),
            (Marker::Emphasis, "<a b>", "*<a b>*"),
            (Marker::Strikethrough, "a<b>", "a~~<b>~~"),
            (Marker::Code, "<a>", "`<a>`"),
            (Marker::Strong, "👍 <é👍> 👍", "👍 **<é👍>** 👍"),
            (Marker::Emphasis, "**<a>**", "***<a>***"),
            (Marker::Strong, "*<a>*", "***<a>***"),
            (Marker::Strong, "a <> b", "a **<>** b"),
            (Marker::Code, "<a\nb>", "```\n<a\nb>\n```"),
        ] {
            assert_eq!(marked(marker, plain), with_marker);
            assert_eq!(marked(marker, with_marker), plain);
        }
    }

    #[test]
    fn a_marker_inside_of_the_selection_is_removed() {
        for (marker, with_marker, plain) in [
            (Marker::Strong, "a <**b**>", "a <b>"),
            (Marker::Emphasis, "<***a***>", "<**a**>"),
            (Marker::Emphasis, "<**a**>", "*<**a**>*"),
            (Marker::Code, "<`a`>", "<a>"),
        ] {
            assert_eq!(marked(marker, with_marker), plain);
        }
    }

    #[test]
    fn spaces_around_the_selection_are_not_marked() {
        assert_eq!(marked(Marker::Strong, "a< b >c"), "a **<b>** c");
    }

    #[test]
    fn an_address_that_is_pasted_over_text_makes_a_link() {
        let pasted = |text: &str, address: &str| after(text, |text, selection| linked(text, selection, address));
        assert_eq!(pasted("see <the docs>!", "https://a.org/b "), "see [the docs](https://a.org/b)<>!");
        for (text, address) in [
            ("a <> b", "https://a.org"),
            ("<a>", "b"),
            ("<a>", "javascript:alert(1)"),
            ("<a>", "https://a.org https://b.org"),
            ("<https://a.org>", "https://b.org"),
            ("<a]>", "https://b.org"),
        ] {
            assert_eq!(pasted(text, address), text, "{address}");
        }
    }
}
