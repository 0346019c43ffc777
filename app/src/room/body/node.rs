//! The nodes of a body: text and elements, and how the server draws them. Called by the other files of the folder.

use leptos::either::EitherOf3;
use leptos::html;
use leptos::prelude::*;

/// The largest number of attributes of an element.
const N_ATTRIBUTES: usize = 4;

/// A node of a body.
pub(super) enum Node {
    /// Text.
    Text(String),
    /// An element with content.
    Element { tag: &'static str, attributes: Attributes, content: Vec<Node> },
}

/// Names and values of attributes. An attribute without a value is left out.
pub(super) type Attributes = [(&'static str, Option<String>); N_ATTRIBUTES];

impl Node {
    /// An element without attributes.
    pub(super) fn plain(tag: &'static str, content: Vec<Self>) -> Self {
        Self::with(tag, [], content)
    }

    /// An element with attributes, at most [`N_ATTRIBUTES`].
    pub(super) fn with<const N: usize>(
        tag: &'static str,
        attributes: [(&'static str, Option<String>); N],
        content: Vec<Self>,
    ) -> Self {
        let mut given = attributes.into_iter();
        let attributes = std::array::from_fn(|_| given.next().unwrap_or_default());
        Self::Element { tag, attributes, content }
    }

    fn view(self) -> AnyView {
        let view = match self {
            Self::Text(text) => EitherOf3::A(text),
            // The one element that has no content and no end.
            Self::Element { tag: "input", attributes: [a, b, c, d], .. } => {
                EitherOf3::B(html::input().attr(a.0, a.1).attr(b.0, b.1).attr(c.0, c.1).attr(d.0, d.1))
            }
            Self::Element { tag, attributes: [a, b, c, d], content } => EitherOf3::C(
                html::custom(tag).attr(a.0, a.1).attr(b.0, b.1).attr(c.0, c.1).attr(d.0, d.1).child(views(content)),
            ),
        };
        view.into_any()
    }
}

/// Returns the views of nodes, for the server.
pub(super) fn views(nodes: Vec<Node>) -> Vec<AnyView> {
    nodes.into_iter().map(Node::view).collect()
}
