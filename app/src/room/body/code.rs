//! A block of code, with its colours and a button that copies it. Called by `blocks`.

use hubbub_markup::{TokenKind, highlight};

use super::node::Node;

/// Returns the block. `browser::clipboard` copies the element before the button, and the style shows the button once the
/// page is live.
pub(super) fn code_block(language: &str, code: &str) -> Node {
    let some = |value: &str| Some(value.to_owned());
    let tokens = highlight(language, code).into_iter().map(token).collect();
    // A region that scrolls must take the focus, so that the keyboard scrolls it.
    let scroller = Node::with("pre", [("tabindex", some("0"))], vec![Node::plain("code", tokens)]);
    let attributes = [("class", some("code-copy")), ("type", some("button")), ("aria-label", some("Copy code"))];
    let button = Node::with("button", attributes, Vec::new());
    let language = some(language).filter(|language| !language.is_empty());
    Node::with("div", [("class", some("code")), ("data-language", language)], vec![scroller, button])
}

fn token((kind, text): (TokenKind, &str)) -> Node {
    let text = Node::Text(text.to_owned());
    let class = match kind {
        TokenKind::Plain => return text,
        TokenKind::Keyword => "code-keyword",
        TokenKind::String => "code-string",
        TokenKind::Number => "code-number",
        TokenKind::Comment => "code-comment",
    };
    Node::with("span", [("class", Some(class.to_owned()))], vec![text])
}
