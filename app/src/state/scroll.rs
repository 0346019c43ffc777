//! The reader's position in the timeline. A reader at the end stays at the end when messages arrive; the position of a
//! reader elsewhere stays the same to the pixel, whatever is added above or below (`anchor`). A room that is shown again is
//! shown at the position at which it was left. Called by `screen`, the driver and the timeline's view.

use std::cell::RefCell;

use hubbub_client::ReadingPlace;
use hubbub_protocol::{MessageId, RoomId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};

use super::anchor::{self, bottom, distance_to_end, edges, first_visible, message_of, nth, scroll_by, scroller, top};
pub(crate) use super::anchor::{SCROLLER_ID, message_element_id};
use crate::browser::by_id;

/// The id of the line that shows the author of the messages at the upper edge.
pub(crate) const AUTHOR_ID: &str = "timeline-author";
/// A reader this close to the end, in CSS pixels, counts as at the end.
const END_SLACK_PX: i32 = 100;
/// A reader this close to the first or the last message that is drawn, in CSS pixels, is about to need others.
const EDGE_REACH_PX: i32 = 600;

/// The reader's position.
#[derive(Clone, Copy)]
pub(crate) struct Scroll {
    at_end: RwSignal<bool>,
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
#[derive(Clone, Copy)]
struct Place {
    message: MessageId,
    below_edge_px: f64,
}

impl Scroll {
    pub(super) fn new() -> Self {
        Self { at_end: RwSignal::new(true) }
    }

    /// Takes over from the browser: scrolls to the end, and holds the position when the size of the scroller or of its
    /// content changes.
    pub(crate) fn start(self) {
        let Some(scroller) = scroller() else { return };
        // The property is a valid one, and a browser that doesn't know it ignores it.
        let _ = HtmlElement::style(&scroller).set_property("overflow-anchor", "none");
        let hold = Closure::<dyn FnMut()>::new(move || {
            mark_cut_texts();
            self.hold(anchor::restore_unless_scrolled);
            // The browser has noted the sizes of these messages by the next frame, and may skip them from then on.
            request_animation_frame(mark_drawn_messages);
        });
        if let Ok(observer) = ResizeObserver::new(hold.as_ref().unchecked_ref()) {
            observer.observe(&scroller);
            if let Some(content) = scroller.last_element_child() {
                observer.observe(&content);
            }
        }
        // The scroller and its observer live as long as the page.
        hold.forget();
        self.to_end();
    }

    /// Holds the position before an event of scrolling is handled: the content may have changed its height, and the browser
    /// may have scrolled because of that.
    pub(super) fn settle(self) {
        if !self.is_at_end() {
            scroller().iter().for_each(anchor::restore_if_resized);
        }
    }

    /// Notes where the reader is. `ends_at_newest` says whether the last message that is drawn is the newest one.
    pub(super) fn moved(self, ends_at_newest: bool) {
        if let Some(scroller) = scroller() {
            self.set_at_end(ends_at_newest && distance_to_end(&scroller) < END_SLACK_PX);
            anchor::note(&scroller);
            show_author(&scroller);
        }
    }

    /// Stores the position in a room whose rows are about to be replaced by those of another room, and returns to the
    /// position in that one: to its end if no other is stored. Returns the message at that position.
    pub(super) fn change_rooms(self, left: RoomId, entered: RoomId) -> Option<MessageId> {
        let place = if self.is_at_end() { None } else { scroller().and_then(|scroller| first_place(&scroller)) };
        let wanted = PLACES.with_borrow_mut(|places| {
            places.left.retain(|(room, _)| *room != left);
            places.left.extend(place.map(|place| (left, place)));
            places.wanted = places.left.iter().find(|(room, _)| *room == entered).map(|(_, place)| *place);
            places.wanted
        });
        self.set_at_end(wanted.is_none());
        wanted.map(|place| place.message)
    }

    /// Whether the reader is near the first message that is drawn.
    pub(super) fn is_near_top(self) -> bool {
        scroller().is_some_and(|scroller| scroller.scroll_top() < EDGE_REACH_PX)
    }

    /// Whether the reader is near the last message that is drawn.
    pub(super) fn is_near_bottom(self) -> bool {
        scroller().is_some_and(|scroller| distance_to_end(&scroller) < EDGE_REACH_PX)
    }

    /// The first message on the screen.
    pub(super) fn first_message(self) -> Option<MessageId> {
        message_of(&first_visible(&*scroller()?, "article")?)
    }

    /// Whether the reader is at the end, to follow.
    pub(crate) fn follows_end(self) -> bool {
        self.at_end.get()
    }

    /// Whether the reader is at the end, where messages arrive.
    pub(crate) fn is_at_end(self) -> bool {
        self.at_end.try_get_untracked().unwrap_or(true)
    }

    /// Whether old messages are being read.
    pub(crate) fn reading_place(self) -> ReadingPlace {
        if self.is_at_end() { ReadingPlace::End } else { ReadingPlace::Past }
    }

    /// Changes the rows, and scrolls so that the reader's position stays the same.
    pub(super) fn keep_over(self, change: impl FnOnce()) {
        if let Some(scroller) = scroller() {
            anchor::note(&scroller);
        }
        change();
        // Tasks run in the order in which they were woken. The change has woken the one that draws the rows, so this one
        // runs after it, and before the browser paints.
        spawn_local(async move {
            match PLACES.with_borrow_mut(|places| places.wanted.take()) {
                Some(place) => self.show(place),
                None => self.hold(anchor::restore),
            }
            // When another room is shown, the scroller may keep its position. No scroll event follows then.
            scroller().iter().for_each(|scroller| show_author(scroller));
        });
    }

    /// Scrolls so that the reader stays at the end, or so that the anchor stays where it is.
    fn hold(self, restore_anchor: fn(&HtmlElement)) {
        if self.is_at_end() {
            self.to_end();
        } else if let Some(scroller) = scroller() {
            restore_anchor(&scroller);
        }
    }

    /// Scrolls to a place, or to the end if its message is not drawn.
    fn show(self, place: Place) {
        match scroller().zip(by_id::<Element>(&message_element_id(place.message))) {
            Some((scroller, message)) => {
                scroll_by(&scroller, top(&message) - top(&scroller) - place.below_edge_px);
                anchor::set(&scroller, message);
            }
            None => self.to_end(),
        }
    }

    /// Scrolls to the end, and stays there.
    pub(super) fn to_end(self) {
        self.set_at_end(true);
        if let Some(scroller) = scroller() {
            scroller.set_scroll_top(scroller.scroll_height());
        }
    }

    /// Scrolls so that a message is in the middle, once its row is drawn.
    pub(super) fn to_message(self, message: MessageId) {
        // The rows may have been set just now. They are drawn by a task that was woken before this one.
        spawn_local(async move {
            if let Some((scroller, element)) = scroller().zip(by_id::<Element>(&message_element_id(message))) {
                scroll_by(&scroller, (edges(&element) - edges(&scroller)) / 2.0);
                anchor::set(&scroller, element);
            }
        });
    }

    /// Notes whether the reader is at the end.
    pub(super) fn set_at_end(self, at_end: bool) {
        // Fails only when the island is gone, and it lives as long as the page.
        let _ = self.at_end.try_set(at_end);
    }
}

/// Shows the author of the messages at the upper edge. The line is written without a signal, because it follows the scroller.
fn show_author(scroller: &Element) {
    if let Some(line) = by_id::<Element>(AUTHOR_ID) {
        line.set_text_content(anchor::author_above(scroller).as_deref());
    }
}

/// Lets the messages that are drawn next fade in, or not.
pub(crate) fn set_entering(is_entering: bool) {
    if let Some(scroller) = scroller() {
        // The name is valid.
        let _ = scroller.toggle_attribute_with_force("data-entering", is_entering);
    }
}

/// Shows the button below each folded message whose text is cut in this window, and hides the others.
fn mark_cut_texts() {
    for button in elements(".message-more[aria-expanded=false]") {
        let is_whole =
            button.previous_element_sibling().is_some_and(|text| text.scroll_height() <= text.client_height());
        // The name is valid.
        let _ = button.toggle_attribute_with_force("hidden", is_whole);
    }
}

/// Lets the browser skip the messages that have left the screen. A message that was never drawn would have a guessed height,
/// and would move the page when it comes into view.
fn mark_drawn_messages() {
    let Some(scroller) = scroller() else { return };
    for message in elements(".messages > article:not([data-drawn])") {
        if bottom(&message) < top(&scroller) || top(&message) > bottom(&scroller) {
            // The name is valid.
            let _ = message.set_attribute("data-drawn", "");
        }
    }
}

fn elements(selector: &str) -> impl Iterator<Item = Element> {
    let list = document().query_selector_all(selector).ok();
    list.into_iter().flat_map(|list| (0..list.length()).filter_map(move |i| nth(&list, i)))
}

fn first_place(scroller: &HtmlElement) -> Option<Place> {
    let message = first_visible(scroller, "article[data-seq]")?;
    Some(Place { message: message_of(&message)?, below_edge_px: top(&message) - top(scroller) })
}
