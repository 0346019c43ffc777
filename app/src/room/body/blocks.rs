//! Paragraphs, quotes and lists. Called by `body_view`.

use hubbub_markup::{Block, Item, List, parse};

use super::code::code_block;
use super::inlines::inlines;
use super::node::Node;

/// Returns the content of the body of a message with this text.
pub(super) fn content(text: &str) -> Vec<Node> {
    let mut parsed = parse(text);
    match &mut parsed[..] {
        // Most messages are one paragraph, which needs no element of its own.
        [Block::Paragraph(paragraph)] => inlines(std::mem::take(paragraph)),
        _ => blocks(parsed),
    }
}

fn blocks(blocks: Vec<Block>) -> Vec<Node> {
    let nodes = blocks.into_iter().map(|block| match block {
        Block::Paragraph(paragraph) => Node::plain("p", inlines(paragraph)),
        Block::Code { language, lines } => code_block(language, &lines.join("\n")),
        Block::Quote(quoted) => Node::plain("blockquote", self::blocks(quoted)),
        Block::List(list) => self::list(list),
    });
    nodes.collect()
}

fn list(list: List) -> Node {
    let tag = if list.start.is_some() { "ol" } else { "ul" };
    let start = list.start.map(|start| start.to_string());
    Node::with(tag, [("start", start)], list.items.into_iter().map(item).collect())
}

fn item(item: Item) -> Node {
    let mut content = inlines(item.text);
    content.extend(item.nested.map(list));
    Node::plain("li", content)
}
