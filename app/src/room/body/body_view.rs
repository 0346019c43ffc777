//! The body of a message as a view of the framework. Called by `message`.
//!
//! The server draws the nodes by the framework's elements. The browser makes elements of the document directly: nothing in
//! a body is reactive, so hydration has only to find the body, and parses nothing. With a view for each element, the
//! WebAssembly is 14 kB larger (compressed with brotli).

use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::{CastFrom, Rndr};
use leptos::tachys::view::{Mountable, Position, PositionState};
use web_sys::{Element, Node as DomNode};

use super::blocks::content;
use super::node::{Node, views};

/// The class of a body.
const CLASS: &str = "message-body";

/// The body of a message with this text. The style keeps line breaks.
#[component]
pub(in crate::room) fn Body(text: String) -> impl IntoView {
    BodyView { text }
}

/// A body that is to be drawn.
struct BodyView {
    text: String,
}

/// A body in the document.
struct BodyState {
    text: String,
    element: Element,
}

impl BodyView {
    /// Makes the content of the body's element.
    fn fill(&self, element: &Element) {
        let is_large = hubbub_markup::is_few_emoji(&self.text);
        // The attribute's name is valid.
        let _ = element.toggle_attribute_with_force("data-large", is_large);
        element.set_text_content(None);
        append(element, content(&self.text));
    }
}

impl Render for BodyView {
    type State = BodyState;

    fn build(self) -> BodyState {
        let element = Rndr::create_element("div", None);
        Rndr::set_attribute(&element, "data-body", "");
        Rndr::set_attribute(&element, "class", CLASS);
        self.fill(&element);
        BodyState { text: self.text, element }
    }

    fn rebuild(self, state: &mut BodyState) {
        if self.text != state.text {
            self.fill(&state.element);
            state.text = self.text;
        }
    }
}

impl RenderHtml for BodyView {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        let is_large = hubbub_markup::is_few_emoji(&self.text);
        let content = views(content(&self.text));
        view! { <div class=CLASS data-body="" data-large=is_large>{content}</div> }.to_html_with_buf(
            buf,
            position,
            escape,
            mark_branches,
            extra_attrs,
        );
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> BodyState {
        match position.get() {
            Position::FirstChild => cursor.child(),
            Position::Current => {}
            _ => cursor.sibling(),
        }
        position.set(Position::NextChild);
        match Element::cast_from(cursor.current()) {
            Some(element) => BodyState { text: self.text, element },
            // The page is not the server's.
            None => self.build(),
        }
    }

    fn into_owned(self) -> Self {
        self
    }
}

impl AddAnyAttr for BodyView {
    type Output<A: leptos::attr::Attribute> = Self;

    fn add_any_attr<A: leptos::attr::Attribute>(self, _: A) -> Self {
        self
    }
}

impl Mountable for BodyState {
    fn unmount(&mut self) {
        self.element.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&DomNode>) {
        self.element.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.element.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.element.clone()]
    }
}

/// Appends nodes to an element of the document.
fn append(parent: &Element, nodes: Vec<Node>) {
    for node in nodes {
        match node {
            Node::Text(text) => Rndr::insert_node(parent, &Rndr::create_text_node(&text), None),
            Node::Element { tag, attributes, content } => {
                let element = Rndr::create_element(tag, None);
                for (name, value) in attributes {
                    if let Some(value) = value {
                        Rndr::set_attribute(&element, name, &value);
                    }
                }
                append(&element, content);
                Rndr::insert_node(parent, &element, None);
            }
        }
    }
}
