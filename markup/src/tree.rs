//! The tree of a parsed text. Code, languages and addresses are slices of the text, and everything else is owned.

/// The largest number of quotes, lists, marks and links around a text. Deeper markup stays text.
pub const MAX_DEPTH: usize = 8;

/// A part of a message that begins on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block<'a> {
    /// Lines of text, with the blank lines between them.
    Paragraph(Vec<Inline<'a>>),
    /// Fenced code.
    Code {
        /// The word after the fence, or an empty text.
        language: &'a str,
        /// The lines without their ends.
        lines: Vec<&'a str>,
    },
    /// Quoted blocks.
    Quote(Vec<Block<'a>>),
    /// A list.
    List(List<'a>),
}

/// A list. The list inside an item has no lists in its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<'a> {
    /// The number of the first item, or None if the list has bullets.
    pub start: Option<u32>,
    /// At least one item.
    pub items: Vec<Item<'a>>,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// The text of the item.
    pub text: Vec<Inline<'a>>,
    /// The list below the text.
    pub nested: Option<List<'a>>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline<'a> {
    /// Text with line breaks (`\n`).
    Text(String),
    /// Inline code, on one line.
    Code(&'a str),
    /// Text inside a pair of markers.
    Marked(Mark, Vec<Inline<'a>>),
    /// A link. Its text contains no other link.
    Link {
        /// An address with one of the schemes `http`, `https` and `mailto`.
        address: &'a str,
        /// The text to show. It is the address if no other text was given.
        text: Vec<Inline<'a>>,
    },
}

/// What a pair of markers means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `**bold**` or `__bold__`.
    Strong,
    /// `*italic*` or `_italic_`.
    Emphasis,
    /// `~~struck through~~`.
    Strikethrough,
    /// `||hidden until the reader asks||`. A spoiler contains no other spoiler.
    Spoiler,
}

impl Mark {
    /// Returns the length of its marker.
    pub(crate) fn n_chars(self) -> usize {
        if self == Self::Emphasis { 1 } else { 2 }
    }
}
