//! The reader's position in the timeline. A reader at the end stays at the end when messages arrive; the position of a
//! reader elsewhere stays the same to the pixel, whatever is added above or below. A room that is shown again is shown at
//! the position at which it was left. Called by `screen`, the driver and the timeline's view. The browser's own scroll
//! anchoring is switched off: Safari has none, and others don't anchor at the very top.

use std::cell::RefCell;

use hubbub_protocol::{MessageId, RoomId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver, ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::browser::by_id;

/// The id of the element that scrolls.
pub(crate) const SCROLLER_ID: &str = "timeline";
/// A reader this close to the end, in CSS pixels, counts as at the end.
const END_SLACK_PX: i32 = 100;
/// A reader this close to the top, in CSS pixels, is about to need older messages.
const TOP_REACH_PX: i32 = 600;

/// The reader's position.
#[derive(Clone, Copy)]
pub(crate) struct Scroll {
    at_end: RwSignal<bool>,
}

/// The id of the element that shows a message in the timeline.
pub(crate) fn message_element_id(message: MessageId) -> String {
    format!("m-{message}")
}

thread_local! {
    /// A page has one timeline and one thread.
    static PLACES: RefCell<Places> = const { RefCell::new(Places { left: Vec::new(), wanted: None }) };
}

struct Places {
    /// The rooms that were left elsewhere than at their end.
    left: Vec<(RoomId, Place)>,
    /// The place to scroll to when the rows of its room are drawn.
    wanted: Option<Place>,
}

/// A position in a room: a message, and how far its upper edge is below that of the scroller, in CSS pixels.
#[derive(Clone)]
struct Place {
    /// The `data-seq` of the message.
    seq: String,
    below_edge_px: f64,
}

/// The element whose position on the screen must not change.
enum Anchor {
    End,
    Element { element: Element, top: f64 },
}

impl Scroll {
    pub(super) fn new() -> Self {
        Self { at_end: RwSignal::new(true) }
    }

    /// Takes over from the browser: scrolls to the end, and stays there when the size of the scroller or of its content
    /// changes.
    pub(crate) fn start(self) {
        let Some(scroller) = scroller() else { return };
        // The property is a valid one, and a browser that doesn't know it ignores it.
        let _ = HtmlElement::style(&scroller).set_property("overflow-anchor", "none");
        let stay = Closure::<dyn FnMut()>::new(move || {
            mark_cut_texts();
            if self.is_at_end() {
                self.to_end();
            }
        });
        if let Ok(observer) = ResizeObserver::new(stay.as_ref().unchecked_ref()) {
            observer.observe(&scroller);
            if let Some(content) = scroller.last_element_child() {
                observer.observe(&content);
            }
        }
        // The scroller and its observer live as long as the page.
        stay.forget();
        self.to_end();
    }

    /// Notes that the reader has scrolled.
    pub(super) fn moved(self) {
        if let Some(scroller) = scroller() {
            self.set_at_end(distance_to_end(&scroller) < END_SLACK_PX);
        }
    }

    /// Stores the position in a room whose rows are about to be replaced by those of another room, and returns to the
    /// position in that one: to its end if no other is stored.
    pub(crate) fn change_rooms(self, left: RoomId, entered: RoomId) {
        let place = if self.is_at_end() { None } else { scroller().and_then(|scroller| first_place(&scroller)) };
        let is_stored = PLACES.with_borrow_mut(|places| {
            places.left.retain(|(room, _)| *room != left);
            places.left.extend(place.map(|place| (left, place)));
            places.wanted = places.left.iter().find(|(room, _)| *room == entered).map(|(_, place)| place.clone());
            places.wanted.is_some()
        });
        self.set_at_end(!is_stored);
    }

    /// Whether the reader is near the top.
    pub(super) fn is_near_top(self) -> bool {
        scroller().is_some_and(|scroller| scroller.scroll_top() < TOP_REACH_PX)
    }

    /// Whether the reader is at the end, to follow.
    pub(crate) fn follows_end(self) -> bool {
        self.at_end.get()
    }

    /// Whether the reader is at the end, where messages arrive.
    pub(crate) fn is_at_end(self) -> bool {
        self.at_end.try_get_untracked().unwrap_or(true)
    }

    /// Changes the rows, and scrolls so that the reader's position stays the same.
    pub(super) fn keep_over(self, change: impl FnOnce()) {
        let anchor = scroller().and_then(|scroller| self.anchor(&scroller));
        change();
        // Tasks run in the order in which they were woken. The change has woken the one that draws the rows, so this one
        // runs after it, and before the browser paints.
        spawn_local(async move {
            if let Some(place) = PLACES.with_borrow_mut(|places| places.wanted.take()) {
                return self.show(&place);
            }
            match anchor {
                // An element of another room is no longer in the document.
                Some(Anchor::Element { element, top }) if !self.is_at_end() && element.is_connected() => {
                    scroll_by(element.get_bounding_client_rect().top() - top);
                }
                Some(Anchor::End) => self.to_end(),
                _ if self.is_at_end() => self.to_end(),
                _ => {}
            }
        });
    }

    /// Scrolls to a place, or to the end if its message is not drawn.
    fn show(self, place: &Place) {
        let message = scroller().and_then(|scroller| {
            let message = scroller.query_selector(&format!("article[data-seq='{}']", place.seq)).ok()??;
            Some(message.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top())
        });
        match message {
            Some(below_edge_px) => scroll_by(below_edge_px - place.below_edge_px),
            None => self.to_end(),
        }
    }

    /// Scrolls to the end, and stays there.
    pub(crate) fn to_end(self) {
        self.set_at_end(true);
        if let Some(scroller) = scroller() {
            scroller.set_scroll_top(scroller.scroll_height());
        }
    }

    /// Scrolls so that a message is in the middle.
    pub(super) fn to_message(self, message: MessageId) {
        self.set_at_end(false);
        // The rows may have been set just now. They are drawn by a task that was woken before this one.
        spawn_local(async move {
            if let Some(element) = by_id::<Element>(&message_element_id(message)) {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Center);
                element.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }

    fn set_at_end(self, at_end: bool) {
        // Fails only when the island is gone, and it lives as long as the page.
        let _ = self.at_end.try_set(at_end);
    }

    /// The first message on the screen, or the end when the reader is there.
    fn anchor(self, scroller: &HtmlElement) -> Option<Anchor> {
        if self.is_at_end() {
            return Some(Anchor::End);
        }
        let element = first_visible(scroller, "article")?;
        let top = element.get_bounding_client_rect().top();
        Some(Anchor::Element { element, top })
    }
}

/// The first element on the screen of those that a selector finds. They are one below the other.
fn first_visible(scroller: &HtmlElement, selector: &str) -> Option<Element> {
    let top_edge = scroller.get_bounding_client_rect().top();
    let elements = scroller.query_selector_all(selector).ok()?;
    // They are in order, so a binary search finds the first that ends below the edge.
    let (mut low, mut high) = (0, elements.length());
    while low < high {
        let middle = low + (high - low) / 2;
        let bottom = element(&elements, middle)?.get_bounding_client_rect().bottom();
        if bottom > top_edge { high = middle } else { low = middle + 1 }
    }
    element(&elements, low)
}

/// Shows the button below each folded message whose text is cut in this window, and hides the others.
fn mark_cut_texts() {
    let Ok(buttons) = document().query_selector_all(".message-more[aria-expanded=false]") else { return };
    for button in (0..buttons.length()).filter_map(|i| element(&buttons, i)) {
        let is_whole =
            button.previous_element_sibling().is_some_and(|text| text.scroll_height() <= text.client_height());
        // The name is valid.
        let _ = button.toggle_attribute_with_force("hidden", is_whole);
    }
}

fn first_place(scroller: &HtmlElement) -> Option<Place> {
    let message = first_visible(scroller, "article[data-seq]")?;
    let below_edge_px = message.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top();
    Some(Place { seq: message.get_attribute("data-seq")?, below_edge_px })
}

fn scroller() -> Option<HtmlElement> {
    by_id(SCROLLER_ID)
}

fn element(list: &web_sys::NodeList, index: u32) -> Option<Element> {
    list.item(index)?.dyn_into().ok()
}

fn distance_to_end(scroller: &HtmlElement) -> i32 {
    scroller.scroll_height() - scroller.scroll_top() - scroller.client_height()
}

fn scroll_by(px: f64) {
    if let Some(scroller) = scroller() {
        scroller.set_scroll_top(scroller.scroll_top() + rounded(px));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a page is shorter than 2^31 pixels, and `as` saturates")]
fn rounded(px: f64) -> i32 {
    px.round() as i32
}
