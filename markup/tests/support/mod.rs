//! Draws a tree as short markup, so that the tests read as tables.

use hubbub_markup::{Block, Inline, List, Mark};

/// Draws blocks, one after the other: `<p>`, `<pre=language>`, `<quote>`, `<ul>`, `<ol=first number>` with `<li>`.
pub(crate) fn drawn(blocks: &[Block]) -> String {
    blocks.iter().map(drawn_block).collect()
}

/// Draws inlines: `<b>`, `<i>`, `<s>`, `<spoiler>`, `<code>`, and `<a=address>`.
pub(crate) fn drawn_inlines(inlines: &[Inline]) -> String {
    let drawn = inlines.iter().map(|inline| match inline {
        Inline::Text(text) => text.clone(),
        Inline::Code(code) => format!("<code>{code}</code>"),
        Inline::Marked(mark, inner) => {
            let name = match mark {
                Mark::Strong => "b",
                Mark::Emphasis => "i",
                Mark::Strikethrough => "s",
                Mark::Spoiler => "spoiler",
            };
            format!("<{name}>{}</{name}>", drawn_inlines(inner))
        }
        Inline::Link { address, text } => format!("<a={address}>{}</a>", drawn_inlines(text)),
    });
    drawn.collect()
}

fn drawn_block(block: &Block) -> String {
    match block {
        Block::Paragraph(inlines) => format!("<p>{}</p>", drawn_inlines(inlines)),
        Block::Code { language: "", lines } => format!("<pre>{}</pre>", lines.join("\n")),
        Block::Code { language, lines } => format!("<pre={language}>{}</pre>", lines.join("\n")),
        Block::Quote(blocks) => format!("<quote>{}</quote>", drawn(blocks)),
        Block::List(list) => drawn_list(list),
    }
}

fn drawn_list(list: &List) -> String {
    let items: String = list
        .items
        .iter()
        .map(|item| {
            let nested = item.nested.as_ref().map(drawn_list).unwrap_or_default();
            format!("<li>{}{nested}</li>", drawn_inlines(&item.text))
        })
        .collect();
    match list.start {
        None => format!("<ul>{items}</ul>"),
        Some(start) => format!("<ol={start}>{items}</ol>"),
    }
}
