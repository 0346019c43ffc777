//! Splits the lines of a block into tokens: text, code, links and runs of marker characters. Called by `inlines`.

use crate::address;
use crate::tokens::{Run, Token};

/// The longest run of backticks that begins inline code. The limit bounds the search for the run that ends the code.
const MAX_TICKS: usize = 8;

/// A backslash before one of these characters makes it text.
const ESCAPABLE: &str = "*_~|`[]>-";

/// The tokens of a block.
#[derive(Default)]
pub(crate) struct Lexer<'a> {
    pub(crate) tokens: Vec<Token<'a>>,
    pub(crate) runs: Vec<Run<'a>>,
    /// The brackets whose `]` has not been read.
    brackets: Vec<usize>,
}

impl<'a> Lexer<'a> {
    /// Reads lines.
    pub(crate) fn read(lines: &[&'a str]) -> Self {
        let mut lexer = Self::default();
        for (i, line) in lines.iter().enumerate() {
            if i > 0 {
                lexer.push(Token::Text("\n"));
            }
            if line.trim().is_empty() {
                lexer.push(Token::ParagraphEnd);
            }
            lexer.line(line);
        }
        lexer
    }

    fn line(&mut self, line: &'a str) {
        // For each length of a run of backticks: whether the line has no other run of that length.
        let mut is_last = [false; MAX_TICKS];
        let (mut i, mut text_start) = (0, 0);
        while i < line.len() {
            let Some((token, n_bytes)) = self.token(line, i, &mut is_last) else {
                i += 1;
                continue;
            };
            self.push(Token::Text(&line[text_start..i]));
            self.push(token);
            i += n_bytes;
            text_start = i;
        }
        self.push(Token::Text(&line[text_start..]));
    }

    fn push(&mut self, token: Token<'a>) {
        match token {
            Token::Text("") => return,
            Token::Bracket => self.brackets.push(self.tokens.len()),
            // No link is part of another link's text, so that the text of a link can't show another address.
            Token::Address(_) | Token::LinkEnd(_) | Token::ParagraphEnd => self.brackets.clear(),
            _ => {}
        }
        self.tokens.push(token);
    }

    /// Returns the token at byte `i` and its length, or None if the byte is text.
    fn token(&mut self, line: &'a str, i: usize, is_last: &mut [bool; MAX_TICKS]) -> Option<(Token<'a>, usize)> {
        let (before, rest) = (&line.as_bytes()[..i], &line.as_bytes()[i..]);
        match rest[0] {
            b'*' | b'_' | b'~' | b'|' => Some(self.run(line, i)),
            b'`' => Some(code(&line[i..], is_last)),
            b'\\' => escaped(line, i),
            b'[' => Some((Token::Bracket, 1)),
            b']' => {
                let start = self.brackets.pop()?;
                let address = address::in_brackets(line[i + 1..].strip_prefix('(')?)?;
                // `[](address)` has no text to show.
                if before.last() == Some(&b'[') {
                    return None;
                }
                self.tokens[start] = Token::LinkStart(address);
                Some((Token::LinkEnd(address), "](".len() + address.len() + ")".len()))
            }
            b'h' | b'm' if !before.last().is_some_and(u8::is_ascii_alphanumeric) => {
                address::bare(&line[i..]).map(|address| (Token::Address(address), address.len()))
            }
            _ => None,
        }
    }

    fn run(&mut self, line: &'a str, i: usize) -> (Token<'a>, usize) {
        let text = run_at(&line[i..]);
        let n_bytes = text.len();
        let is_marker = n_bytes == 2 || text.starts_with(['*', '_']);
        if !is_marker {
            return (Token::Text(text), n_bytes);
        }
        self.runs.push(Run::between(&line[..i], text, &line[i + n_bytes..]));
        (Token::Run(self.runs.len() - 1), n_bytes)
    }
}

/// Returns the run of equal bytes at the beginning of `text`. The first byte is ASCII.
fn run_at(text: &str) -> &str {
    let first = text.as_bytes()[0];
    let n_bytes = text.bytes().position(|byte| byte != first).unwrap_or(text.len());
    &text[..n_bytes]
}

/// Returns the code at the beginning of `text` if a run of the same length ends it, or else the run as text.
fn code<'a>(text: &'a str, is_last: &mut [bool; MAX_TICKS]) -> (Token<'a>, usize) {
    let ticks = run_at(text);
    let n_ticks = ticks.len();
    let as_text = (Token::Text(ticks), n_ticks);
    let Some(is_last) = is_last.get_mut(n_ticks - 1).filter(|is_last| !**is_last) else { return as_text };
    let mut end = n_ticks;
    while let Some(n_before) = text[end..].find('`') {
        end += n_before;
        let closing = run_at(&text[end..]).len();
        if closing == n_ticks {
            return (Token::Code(unpadded(&text[n_ticks..end])), end + closing);
        }
        end += closing;
    }
    *is_last = true;
    as_text
}

/// Removes a space at both ends, which separates backticks in the code from the markers.
fn unpadded(code: &str) -> &str {
    let inner = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
    inner.filter(|inner| !inner.trim().is_empty()).unwrap_or(code)
}

/// Returns the character after the backslash at byte `i` as text, if the backslash escapes it.
fn escaped(line: &str, i: usize) -> Option<(Token<'_>, usize)> {
    let next = *line.as_bytes().get(i + 1)?;
    let is_escape = ESCAPABLE.as_bytes().contains(&next);
    // ¯\_(ツ)_/¯ keeps its arm.
    let start = if line[..i].ends_with('¯') { i } else { i + 1 };
    is_escape.then(|| (Token::Text(&line[start..i + 2]), 2))
}
