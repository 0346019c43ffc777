//! A block of code, with its colours and a button that copies it. Called by `blocks`.

use hubbub_markup::{TokenKind, highlight};

use super::node::{Node, attributes};

/// Returns the block.
pub(super) fn code_block(language: &str, code: String) -> Node {
    let tokens = highlight(language, &code).into_iter().map(token).collect();
    // A region that scrolls must take the focus, so that the keyboard scrolls it.
    let scroller = Node::Element {
        tag: "pre",
        attributes: attributes([("tabindex", Some("0".to_owned()))]),
        content: vec![Node::plain("code", tokens)],
    };
    let language = (!language.is_empty()).then(|| language.to_owned());
    Node::Element {
        tag: "div",
        attributes: attributes([("class", Some("code".to_owned())), ("data-language", language)]),
        content: vec![scroller, Node::CopyButton(code)],
    }
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
    Node::classed("span", class, vec![text])
}
