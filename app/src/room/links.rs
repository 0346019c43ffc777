//! Finds the web addresses in a message. One pass over the text, no regex; called by `body`. Only `http` and `https`
//! ever become links, so that nothing a person writes can run.

/// A piece of a message's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Words.
    Text(&'a str),
    /// An `http` or `https` address.
    Link(&'a str),
}

/// The text in pieces; joined they are the text again.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut searched = 0;
    while let Some(found) = rest[searched..].find("http") {
        let start = searched + found;
        let length = link_length(&rest[start..]);
        if length == 0 || rest[..start].ends_with(|c: char| c.is_ascii_alphanumeric()) {
            searched = start + "http".len();
            continue;
        }
        if start > 0 {
            pieces.push(Piece::Text(&rest[..start]));
        }
        pieces.push(Piece::Link(&rest[start..start + length]));
        rest = &rest[start + length..];
        searched = 0;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// How many bytes of the text are the address it starts with; 0 when it starts with none.
fn link_length(text: &str) -> usize {
    let Some(host_start) = ["https://", "http://"].iter().find(|scheme| text.starts_with(**scheme)).map(|s| s.len())
    else {
        return 0;
    };
    let end =
        text.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"`{}|\\^".contains(c)).unwrap_or(text.len());
    let address = without_trailing_marks(&text[..end]);
    let has_host = address.get(host_start..).and_then(|host| host.chars().next()).is_some_and(may_begin_a_host);
    if has_host { address.len() } else { 0 }
}

/// A letter or digit of any script. What else is not ASCII does no harm, and the tables that know would come to the
/// browser with the WebAssembly.
fn may_begin_a_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii()
}

/// Marks that end a sentence belong to the sentence, and so does a bracket that was opened before the address.
fn without_trailing_marks(mut address: &str) -> &str {
    let mut unopened = [('(', ')'), ('[', ']')].map(|(opening, closing)| {
        let opened = address.matches(opening).count();
        (closing, address.matches(closing).count().saturating_sub(opened))
    });
    while let Some(last) = address.chars().next_back() {
        let bracket = unopened.iter_mut().find(|(closing, n)| *closing == last && *n > 0);
        match bracket {
            Some((_, n)) => *n -= 1,
            None if ".,;:!?'*_~…。、".contains(last) => {}
            None => break,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address
}

#[cfg(test)]
mod tests {
    use super::Piece::{Link, Text};
    use super::*;

    #[test]
    fn an_address_ends_where_the_sentence_goes_on() {
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
    fn what_is_no_web_address_stays_text() {
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
    fn the_pieces_of_any_text_are_that_text_again() {
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
    fn a_long_hostile_text_takes_one_pass() {
        let text = "http://a".repeat(500) + &")".repeat(4_000);
        assert_eq!(pieces(&text).iter().map(|(Text(part) | Link(part))| part.len()).sum::<usize>(), text.len());
    }
}
