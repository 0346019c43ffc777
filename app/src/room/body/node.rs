//! The nodes of a body: text and elements. Called by the other files of the folder.
//!
//! All nodes are one type to the framework, because it compiles every type of view into code of its own. With a type for
//! each element, the WebAssembly is 14 kB larger (compressed with brotli).

use leptos::either::EitherOf4;
use leptos::html;
use leptos::prelude::*;

use super::copy_button::CopyButton;

/// The largest number of attributes of an element.
const N_ATTRIBUTES: usize = 4;

/// A node of a body.
pub(super) enum Node {
    /// Text.
    Text(String),
    /// An element with content.
    Element { tag: &'static str, attributes: Attributes, content: Vec<Node> },
    /// The box that opens a spoiler.
    SpoilerBox,
    /// The button that copies this code.
    CopyButton(String),
}

/// Names and values of attributes. An attribute without a value is left out.
pub(super) type Attributes = [(&'static str, Option<String>); N_ATTRIBUTES];

impl Node {
    /// An element without attributes.
    pub(super) fn plain(tag: &'static str, content: Vec<Self>) -> Self {
        Self::Element { tag, attributes: attributes([]), content }
    }

    /// An element with a class.
    pub(super) fn classed(tag: &'static str, class: &str, content: Vec<Self>) -> Self {
        Self::Element { tag, attributes: attributes([("class", Some(class.to_owned()))]), content }
    }

    fn view(self) -> AnyView {
        let view = match self {
            Self::Text(text) => EitherOf4::A(text),
            Self::Element { tag, attributes: [a, b, c, d], content } => EitherOf4::B(
                html::custom(tag).attr(a.0, a.1).attr(b.0, b.1).attr(c.0, c.1).attr(d.0, d.1).child(views(content)),
            ),
            Self::SpoilerBox => EitherOf4::C(view! {
                <input class="visually-hidden" type="checkbox" aria-label="Show spoiler" />
            }),
            Self::CopyButton(code) => EitherOf4::D(view! { <CopyButton code /> }),
        };
        view.into_any()
    }
}

/// Returns attributes, followed by as many as are missing, which have no value.
pub(super) fn attributes<const N: usize>(given: [(&'static str, Option<String>); N]) -> Attributes {
    let mut given = given.into_iter();
    std::array::from_fn(|_| given.next().unwrap_or(("class", None)))
}

/// Returns the views of nodes.
pub(super) fn views(nodes: Vec<Node>) -> Vec<AnyView> {
    nodes.into_iter().map(Node::view).collect()
}
