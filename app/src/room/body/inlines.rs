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
    let attributes = attributes.map(|(name, value)| (name, Some(value.to_owned())));
    Node::Element { tag: "a", attributes, content }
}

/// Text that is hidden until its box is checked, which needs no script. Screen readers don't read hidden text either.
fn spoiler(content: Vec<Node>) -> Node {
    Node::classed("label", "spoiler", vec![Node::SpoilerBox, Node::plain("span", content)])
}
