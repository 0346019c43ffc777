//! The body of a message, and its blocks: paragraphs, quotes and lists. Called by `message`.

use hubbub_markup::{Block, Item, List, is_few_emoji, parse};
use leptos::prelude::*;

use super::code::code_block;
use super::inlines::inlines;
use super::node::{Node, attributes, views};

/// The body of a message with this text. The style keeps line breaks.
#[component]
pub(in crate::room) fn Body(text: String) -> impl IntoView {
    let is_large = is_few_emoji(&text);
    let mut parsed = parse(&text);
    // Most messages are one paragraph, which needs no element of its own.
    let content = match &mut parsed[..] {
        [Block::Paragraph(paragraph)] => inlines(std::mem::take(paragraph)),
        _ => blocks(parsed),
    };
    view! { <div class="message-body" data-body="" data-large=is_large>{views(content)}</div> }
}

fn blocks(blocks: Vec<Block>) -> Vec<Node> {
    let nodes = blocks.into_iter().map(|block| match block {
        Block::Paragraph(paragraph) => Node::plain("p", inlines(paragraph)),
        Block::Code { language, lines } => code_block(language, lines.join("\n")),
        Block::Quote(quoted) => Node::plain("blockquote", self::blocks(quoted)),
        Block::List(list) => self::list(list),
    });
    nodes.collect()
}

fn list(list: List) -> Node {
    let tag = if list.start.is_some() { "ol" } else { "ul" };
    let attributes = attributes([("start", list.start.map(|start| start.to_string()))]);
    Node::Element { tag, attributes, content: list.items.into_iter().map(item).collect() }
}

fn item(item: Item) -> Node {
    let mut content = inlines(item.text);
    content.extend(item.nested.map(list));
    Node::plain("li", content)
}
