//! Marked text, links and spoilers. Called by `blocks`.

use hubbub_markup::{Inline, Mark, host};

use super::node::Node;

/// Returns the nodes of inlines.
pub(super) fn inlines(inlines: Vec<Inline>) -> Vec<Node> {
    inlines.into_iter().map(inline).collect()
}

fn inline(inline: Inline) -> Node {
    match inline {
        Inline::Text(text) => Node::Text(text),
        Inline::Code(code) => Node::plain("code", vec![Node::Text(code.to_owned())]),
        Inline::Link { address, text } => link(address, inlines(text)),
        Inline::Marked(Mark::Spoiler, inner) => spoiler(inlines(inner)),
        Inline::Marked(Mark::Strong, inner) => Node::plain("strong", inlines(inner)),
        Inline::Marked(Mark::Emphasis, inner) => Node::plain("em", inlines(inner)),
        Inline::Marked(Mark::Strikethrough, inner) => Node::plain("s", inlines(inner)),
    }
}

/// A link. Its title is the host, because the text can say anything.
fn link(address: &str, content: Vec<Node>) -> Node {
    let attributes =
        [("href", address), ("title", host(address)), ("target", "_blank"), ("rel", "noopener noreferrer nofollow")];
    Node::with("a", attributes.map(|(name, value)| (name, Some(value.to_owned()))), content)
}

/// Text that is hidden until its box is checked, which needs no script. Screen readers don't read hidden text either.
fn spoiler(content: Vec<Node>) -> Node {
    let attributes = [("class", "visually-hidden"), ("type", "checkbox"), ("aria-label", "Show spoiler")];
    let input = Node::with("input", attributes.map(|(name, value)| (name, Some(value.to_owned()))), Vec::new());
    Node::with("label", [("class", Some("spoiler".to_owned()))], vec![input, Node::plain("span", content)])
}
