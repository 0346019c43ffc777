//! Finds the web addresses in a message, in one pass over the text. Only `http` and `https` become links, so that no link
//! runs a script. Called by `body`.

/// A piece of a message's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Words.
    Text(&'a str),
    /// An `http` or `https` address.
    Link(&'a str),
}

/// An address that is being read.
struct Candidate {
    start: usize,
    host_start: usize,
    /// Where the address ends, as far as it was read: after the last character that doesn't belong to the sentence.
    end: usize,
    /// Brackets that the address has opened and not closed: round ones, square ones.
    n_open: [usize; 2],
}

/// Returns the text in pieces. Joined they are the text again.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    scan(text, text.char_indices())
}

/// Looks at each character once.
fn scan(text: &str, chars: impl Iterator<Item = (usize, char)>) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut n_done = 0;
    let mut add = |address: Candidate| {
        if address.has_host() {
            if address.start > n_done {
                pieces.push(Piece::Text(&text[n_done..address.start]));
            }
            pieces.push(Piece::Link(&text[address.start..address.end]));
            n_done = address.end;
        }
    };
    let mut address: Option<Candidate> = None;
    let mut previous = ' ';
    for (i, c) in chars {
        match &mut address {
            Some(_) if ends_address(c) => address.take().into_iter().for_each(&mut add),
            Some(address) => address.read(i, c),
            None if !previous.is_ascii_alphanumeric() => address = Candidate::at(text, i),
            None => {}
        }
        previous = c;
    }
    address.into_iter().for_each(&mut add);
    if n_done < text.len() {
        pieces.push(Piece::Text(&text[n_done..]));
    }
    pieces
}

impl Candidate {
    /// An address that begins at `start`, if a scheme does.
    fn at(text: &str, start: usize) -> Option<Self> {
        let scheme = ["https://", "http://"].into_iter().find(|scheme| text[start..].starts_with(scheme))?;
        let host_start = start + scheme.len();
        let may_have_host = text[host_start..].chars().next().is_some_and(may_begin_host);
        may_have_host.then_some(Self { start, host_start, end: host_start, n_open: [0; 2] })
    }

    /// Reads the next character. Marks that end a sentence belong to the address only if it goes on after them, and so does
    /// a bracket that was opened before the address.
    fn read(&mut self, i: usize, c: char) {
        if i < self.host_start {
            return;
        }
        let belongs = match c {
            '(' | '[' => {
                self.n_open[bracket(c)] += 1;
                true
            }
            ')' | ']' => {
                let n_open = &mut self.n_open[bracket(c)];
                let is_open = *n_open > 0;
                *n_open = n_open.saturating_sub(1);
                is_open
            }
            _ => !".,;:!?'*_~…。、".contains(c),
        };
        if belongs {
            self.end = i + c.len_utf8();
        }
    }

    fn has_host(&self) -> bool {
        self.end > self.host_start
    }
}

fn bracket(c: char) -> usize {
    usize::from(matches!(c, '[' | ']'))
}

fn ends_address(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "<>\"`{}|\\^".contains(c)
}

/// A letter or digit of any script. Other characters outside of ASCII do no harm, and the tables that tell them apart would
/// be part of the WebAssembly.
fn may_begin_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::Piece::{Link, Text};
    use super::*;

    #[test]
    fn punctuation_after_an_address_is_not_part_of_it() {
        assert_eq!(
            pieces("See https://example.org/a?b=c#d, or (http://example.org/x)."),
            [
                Text("See "),
                Link("https://example.org/a?b=c#d"),
                Text(", or ("),
                Link("http://example.org/x"),
                Text(").")
            ]
        );
        assert_eq!(
            pieces("https://en.wikipedia.org/wiki/Rust_(fungus)"),
            [Link("https://en.wikipedia.org/wiki/Rust_(fungus)")]
        );
        assert_eq!(pieces("https://a.org\nhttps://b.org"), [Link("https://a.org"), Text("\n"), Link("https://b.org")]);
    }

    #[test]
    fn text_without_a_web_address_has_no_link() {
        for text in [
            "",
            "hi",
            "http",
            "https://",
            "http:// x",
            "xhttp://a.org",
            "javascript:alert(1)",
            "data:text/html,x",
            "HTTP://A.ORG",
            "https://)(",
        ] {
            assert!(!pieces(text).iter().any(|piece| matches!(piece, Link(_))), "{text:?}");
        }
    }

    #[test]
    fn the_pieces_of_a_text_joined_are_the_text() {
        for text in [
            "é https://é.org/é…。 é",
            "httphttp://a.org",
            "((https://a.org))",
            "https://a.org https://b.org http",
            "日本https://a.org",
        ] {
            let joined: String = pieces(text).iter().map(|(Text(part) | Link(part))| *part).collect();
            assert_eq!(joined, text);
        }
    }

    #[test]
    fn a_long_hostile_text_is_parsed_in_one_pass() {
        for hostile in ["http://a", "http://)", "ahttp://a", "http://…", "https://a(", "http://a)", "http"] {
            let text = hostile.repeat(500) + &")".repeat(4_000);
            let mut n_steps = 0;
            let pieces = scan(&text, text.char_indices().inspect(|_| n_steps += 1));
            assert_eq!(pieces.iter().map(|(Text(part) | Link(part))| part.len()).sum::<usize>(), text.len());
            assert_eq!(n_steps, text.chars().count(), "{hostile}");
        }
    }

    #[test]
    fn a_closing_bracket_is_part_of_an_address_that_contains_the_opening_one() {
        assert_eq!(pieces("(https://a.org/b(c)[d])."), [Text("("), Link("https://a.org/b(c)[d]"), Text(").")]);
        assert_eq!(pieces("[https://a.org/)x]"), [Text("["), Link("https://a.org/)x"), Text("]")]);
        assert_eq!(pieces("https://…… https://a.org"), [Text("https://…… "), Link("https://a.org")]);
        assert_eq!(pieces("xhttp://a.org http://b.org"), [Text("xhttp://a.org "), Link("http://b.org")]);
    }
}
