//! The message that holds its position on the screen while the timeline changes around it, and the elements by which `scroll`
//! finds it. The browser's own scroll anchoring is switched off: Safari has none, and others don't anchor at the very top.

use std::cell::RefCell;

use hubbub_protocol::MessageId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, NodeList};

use crate::browser::by_id;

/// The id of the element that scrolls.
pub(crate) const SCROLLER_ID: &str = "timeline";
/// An anchor that moved by less, in CSS pixels, is where it was. Positions are rounded to the pixels of the screen.
const ROUNDING_PX: f64 = 1.0;

/// The height of the line that shows the author of the messages at the upper edge, in CSS pixels. The style says it too.
const AUTHOR_PX: f64 = 24.0;

thread_local! {
    /// A page has one timeline and one thread.
    static ANCHOR: RefCell<Option<Anchor>> = const { RefCell::new(None) };
}

/// An element, and where it was on the screen at a position of the scroller and a height of its content, in CSS pixels.
struct Anchor {
    element: Element,
    top: f64,
    scrolled: f64,
    content_height: i32,
}

/// The id of the element that shows a message in the timeline.
pub(crate) fn message_element_id(message: MessageId) -> String {
    format!("m-{message}")
}

/// Returns the message that an element of the timeline shows.
pub(super) fn message_of(element: &Element) -> Option<MessageId> {
    element.id().strip_prefix("m-")?.parse().ok()
}

/// Notes where the anchor is. The anchor stays the same message until the reader scrolls; then it is the first message that
/// begins on the screen, or the one that fills the screen.
pub(super) fn note(scroller: &Element) {
    let stays = ANCHOR.with_borrow(|anchor| {
        anchor.as_ref().is_some_and(|anchor| {
            anchor.element.is_connected() && (top(&anchor.element) - anchor.top).abs() < ROUNDING_PX
        })
    });
    if stays {
        return;
    }
    let element = first_visible(scroller, "article").map(|first| match first.next_element_sibling() {
        Some(next) if top(&first) < top(scroller) && top(&next) < bottom(scroller) => next,
        _ => first,
    });
    if let Some(element) = element {
        set(scroller, element);
    }
}

/// Makes a message the anchor where it is now. Its text holds the position: the author above the text goes when the
/// message before turns out to be of the same group.
pub(super) fn set(scroller: &Element, message: Element) {
    let element = message.query_selector("[data-body]").ok().flatten().unwrap_or(message);
    let content_height = scroller.scroll_height();
    ANCHOR.set(Some(Anchor { top: top(&element), scrolled: scrolled(scroller), content_height, element }));
}

/// Scrolls so that the anchor is where it was noted just now. The browser may have scrolled since, if the page is shorter
/// now. An anchor that is no longer on the page is given up.
pub(super) fn restore(scroller: &HtmlElement) {
    scroll_back(scroller, |_| 0.0);
}

/// Scrolls so that the anchor is where it was noted, as far as the reader has not scrolled since: a reader's event is handled
/// after the sizes of elements.
pub(super) fn restore_unless_scrolled(scroller: &HtmlElement) {
    scroll_back(scroller, |anchor| {
        // The browser itself scrolls to the end when the content has become too short for the position.
        let is_cut =
            scroller.scroll_height() < anchor.content_height && f64::from(distance_to_end(scroller)) <= ROUNDING_PX;
        if is_cut { 0.0 } else { scrolled(scroller) - anchor.scrolled }
    });
}

/// Calls [`restore_unless_scrolled`] if the height of the content has changed since the anchor was noted.
pub(super) fn restore_if_resized(scroller: &HtmlElement) {
    let height = scroller.scroll_height();
    if ANCHOR.with_borrow(|anchor| anchor.as_ref().is_some_and(|anchor| anchor.content_height != height)) {
        restore_unless_scrolled(scroller);
    }
}

fn scroll_back(scroller: &HtmlElement, by_reader: impl Fn(&Anchor) -> f64) {
    match ANCHOR.take().filter(|anchor| anchor.element.is_connected()) {
        Some(anchor) => {
            scroll_by(scroller, top(&anchor.element) - anchor.top + by_reader(&anchor));
            set(scroller, anchor.element);
        }
        None => note(scroller),
    }
}

/// Returns the author of the messages at the upper edge, if the group has begun above the edge and goes on below the line
/// that shows the author.
pub(super) fn author_above(scroller: &Element) -> Option<String> {
    let edge = top(scroller);
    let message = first_visible(scroller, "article")?;
    let head_px = if message.has_attribute("data-first") { AUTHOR_PX } else { 0.0 };
    let has_begun = top(&message) + head_px < edge;
    let next = message.next_element_sibling();
    let goes_on = bottom(&message) > edge + AUTHOR_PX
        || next.is_some_and(|next| next.matches("article:not([data-first])").unwrap_or(false));
    if has_begun && goes_on { message.get_attribute("aria-label") } else { None }
}

/// Returns the first element on the screen of those that a selector finds. They are one below the other.
pub(super) fn first_visible(scroller: &Element, selector: &str) -> Option<Element> {
    let top_edge = top(scroller);
    let elements = scroller.query_selector_all(selector).ok()?;
    // The elements are in order, so a binary search finds the first that ends below the edge.
    let (mut low, mut high) = (0, elements.length());
    while low < high {
        let middle = low + (high - low) / 2;
        if bottom(&nth(&elements, middle)?) > top_edge { high = middle } else { low = middle + 1 }
    }
    nth(&elements, low)
}

pub(super) fn scroller() -> Option<HtmlElement> {
    by_id(SCROLLER_ID)
}

pub(super) fn nth(elements: &NodeList, index: u32) -> Option<Element> {
    elements.item(index)?.dyn_into().ok()
}

pub(super) fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}

pub(super) fn bottom(element: &Element) -> f64 {
    element.get_bounding_client_rect().bottom()
}

/// The sum of the positions of both edges, which is twice that of the middle.
pub(super) fn edges(element: &Element) -> f64 {
    top(element) + bottom(element)
}

pub(super) fn distance_to_end(scroller: &Element) -> i32 {
    scroller.scroll_height() - scroller.scroll_top() - scroller.client_height()
}

fn scrolled(scroller: &Element) -> f64 {
    f64::from(scroller.scroll_top())
}

/// Scrolls by so many CSS pixels. A fraction is left alone: setting a position ends a movement of the finger in Safari.
pub(super) fn scroll_by(scroller: &HtmlElement, px: f64) {
    if px.abs() >= ROUNDING_PX / 2.0 {
        scroller.scroll_by_with_x_and_y(0.0, px);
    }
}
