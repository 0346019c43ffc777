//! The lexer of all languages.

use super::languages::{Language, language};

/// What a token of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// None of the others.
    Plain,
    /// A keyword, a key of a mapping, or the name of a tag.
    Keyword,
    /// A string or a character.
    String,
    /// A number.
    Number,
    /// A comment.
    Comment,
}

/// Returns the tokens of code in the language of this name. Their texts joined are the code. Code of an unknown language
/// is one plain token. The cost is linear in the length of the code.
#[must_use]
pub fn highlight<'a>(name: &str, code: &'a str) -> Vec<(TokenKind, &'a str)> {
    let mut tokens = Vec::new();
    let (mut i, mut plain_start) = (0, 0);
    if let Some(language) = language(name) {
        while i < code.len() {
            let (kind, n_bytes) = token(language, &code[..i], &code[i..]);
            if kind != TokenKind::Plain {
                tokens.push((TokenKind::Plain, &code[plain_start..i]));
                tokens.push((kind, &code[i..i + n_bytes]));
                plain_start = i + n_bytes;
            }
            i += n_bytes;
        }
    }
    tokens.push((TokenKind::Plain, &code[plain_start..]));
    tokens.retain(|(_, text)| !text.is_empty());
    tokens
}

/// Returns the kind and the length of the token at the beginning of `rest`, which is not empty.
fn token(language: &Language, before: &str, rest: &str) -> (TokenKind, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    // `$#` and `&#x27;` are no comments.
    let may_be_comment = first != '#' || before.is_empty() || before.ends_with(char::is_whitespace);
    let starts = |start: &&&str| rest.starts_with(**start);
    if may_be_comment && language.line_comments.iter().any(|start| rest.starts_with(start)) {
        return (TokenKind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if let Some([start, end]) = language.block_comment
        && rest.starts_with(start)
    {
        return (TokenKind::Comment, through(rest, start.len(), end));
    }
    if let Some(quote) = language.long_quotes.iter().find(starts) {
        return (TokenKind::String, through(rest, quote.len(), quote));
    }
    let (kind, n_bytes) = match first {
        _ if language.quotes.contains(first) => (TokenKind::String, string(rest, first)),
        '\'' if language.has_lifetimes => character(rest),
        '0'..='9' => (TokenKind::Number, length(rest, |c| is_in_word(c) || c == '.')),
        _ if is_in_word(first) => {
            let n_bytes = length(rest, |c| is_in_word(c) || c == '-' && language.key_end.is_some());
            let is_tag = language.has_tags && before.ends_with(['<', '/']);
            let is_keyword = is_tag || language.is_keyword(&rest[..n_bytes]);
            (if is_keyword { TokenKind::Keyword } else { TokenKind::Plain }, n_bytes)
        }
        _ => return (TokenKind::Plain, first.len_utf8()),
    };
    let is_key = language.key_end.is_some_and(|end| rest[n_bytes..].trim_start_matches(' ').starts_with(end));
    (if is_key { TokenKind::Keyword } else { kind }, n_bytes)
}

/// Returns the length up to the first `end` after `n_start` bytes, with the end. Without an end it is the length of `text`.
fn through(text: &str, n_start: usize, end: &str) -> usize {
    text[n_start..].find(end).map_or(text.len(), |n_inside| n_start + n_inside + end.len())
}

/// Returns the length of the string at the beginning of `text`. A string without an end goes on to the end of its line.
fn string(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (i, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return i,
            _ if c == quote && !is_escaped => return i + c.len_utf8(),
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    text.len()
}

/// Returns a character such as `'a'` or `'\n'` at the beginning of `text`, or the quote of a lifetime.
fn character(text: &str) -> (TokenKind, usize) {
    let mut chars = text.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) => (TokenKind::String, string(text, '\'')),
        (Some(c), Some('\'')) => (TokenKind::String, c.len_utf8() + 2),
        _ => (TokenKind::Plain, 1),
    }
}

fn length(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn is_in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}
