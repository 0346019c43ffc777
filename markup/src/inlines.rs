//! Builds the inlines of a block from its lines. Called by `blocks` and `lists`.

use crate::lexer::Lexer;
use crate::pairs::pair;
use crate::tokens::Token;
use crate::tree::{Inline, MAX_DEPTH, Mark};

/// A mark or a link around text.
#[derive(Clone, Copy)]
enum Around<'a> {
    Mark { mark: Mark, marker: &'a str },
    Link(&'a str),
}

/// The inlines that are being built, inside of marks and links.
struct Builder<'a> {
    /// Depth of the block.
    depth: usize,
    /// The inlines around the current ones.
    outer: Vec<(Around<'a>, Vec<Inline<'a>>)>,
    current: Vec<Inline<'a>>,
    /// For each start without its end: whether it has inlines of its own in `outer`.
    open: Vec<bool>,
}

/// Returns the inlines of the lines of a block at `depth`.
pub(crate) fn inlines<'a>(lines: &[&'a str], depth: usize) -> Vec<Inline<'a>> {
    let mut lexer = Lexer::read(lines);
    pair(&lexer.tokens, &mut lexer.runs);
    let mut builder = Builder { depth, outer: Vec::new(), current: Vec::new(), open: Vec::new() };
    for token in &lexer.tokens {
        match *token {
            Token::Text(text) => builder.text(text),
            Token::Bracket => builder.text("["),
            Token::Code(code) => builder.current.push(Inline::Code(code)),
            Token::Address(address) if builder.has_room() => {
                builder.current.push(Inline::Link { address, text: vec![Inline::Text(address.to_owned())] });
            }
            Token::Address(address) => builder.text(address),
            Token::LinkStart(address) => builder.start(Around::Link(address)),
            Token::LinkEnd(address) => builder.end(Around::Link(address)),
            Token::Run(i) => {
                let run = &lexer.runs[i];
                let around = |mark: &Mark| Around::Mark { mark: *mark, marker: &run.text[..mark.n_chars()] };
                run.ends.iter().for_each(|mark| builder.end(around(mark)));
                let n_marks: usize = run.ends.iter().chain(&run.starts).map(|mark| mark.n_chars()).sum();
                builder.text(&run.text[n_marks..]);
                run.starts.iter().rev().for_each(|mark| builder.start(around(mark)));
            }
            Token::ParagraphEnd => {}
        }
    }
    builder.current
}

impl<'a> Builder<'a> {
    fn text(&mut self, text: &str) {
        match self.current.last_mut() {
            _ if text.is_empty() => {}
            Some(Inline::Text(last)) => last.push_str(text),
            _ => self.current.push(Inline::Text(text.to_owned())),
        }
    }

    /// Begins the inlines inside of a mark or link. Too deep ones stay text.
    fn start(&mut self, around: Around<'a>) {
        let fits = self.has_room() && !(around.is_spoiler() && self.is_in_spoiler());
        self.open.push(fits);
        match around {
            _ if fits => self.outer.push((around, std::mem::take(&mut self.current))),
            Around::Mark { marker, .. } => self.text(marker),
            Around::Link(_) => self.text("["),
        }
    }

    fn end(&mut self, around: Around<'a>) {
        if self.open.pop() == Some(true) {
            let Some((around, outer)) = self.outer.pop() else { return };
            let inner = std::mem::replace(&mut self.current, outer);
            self.current.push(match around {
                Around::Mark { mark, .. } => Inline::Marked(mark, inner),
                Around::Link(address) => Inline::Link { address, text: inner },
            });
            return;
        }
        match around {
            Around::Mark { marker, .. } => self.text(marker),
            Around::Link(address) => ["](", address, ")"].into_iter().for_each(|text| self.text(text)),
        }
    }

    fn has_room(&self) -> bool {
        self.depth + self.outer.len() < MAX_DEPTH
    }

    fn is_in_spoiler(&self) -> bool {
        self.outer.iter().any(|(around, _)| around.is_spoiler())
    }
}

impl Around<'_> {
    fn is_spoiler(self) -> bool {
        matches!(self, Self::Mark { mark: Mark::Spoiler, .. })
    }
}
