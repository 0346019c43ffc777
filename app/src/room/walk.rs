//! The keys of the timeline: the arrow keys walk the messages, Tab then enters a message's actions. Called by `timeline`.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::text_area::focus_composer;
use crate::browser::by_id;
use crate::state::scroll::SCROLLER_ID;

/// Moves the focus to another message, or to the composer.
pub(super) fn walk(event: &KeyboardEvent) {
    let Some(message) = next_message(&event.key()) else { return };
    event.prevent_default();
    match message {
        Next::Message(message) => {
            // Messages take the focus, because they have a `tabindex`.
            let _ = message.focus();
        }
        Next::Composer => focus_composer(),
    }
}

enum Next {
    Message(HtmlElement),
    Composer,
}

fn next_message(key: &str) -> Option<Next> {
    let scroller: HtmlElement = by_id(SCROLLER_ID)?;
    let messages = scroller.query_selector_all("article").ok()?;
    let element = |place: u32| messages.item(place)?.dyn_into::<HtmlElement>().ok();
    let focused = document().active_element().and_then(|focused: Element| focused.closest("article").ok().flatten());
    let place = focused.and_then(|focused| {
        (0..messages.length()).find(|place| element(*place).is_some_and(|message| message.is_same_node(Some(&focused))))
    });
    let last = messages.length().checked_sub(1)?;
    let to = match (key, place) {
        ("Escape", Some(_)) => return Some(Next::Composer),
        ("ArrowDown", Some(place)) if place == last => return Some(Next::Composer),
        ("ArrowUp", Some(place)) => place.checked_sub(1)?,
        ("ArrowUp", None) | ("End", _) => last,
        ("ArrowDown", Some(place)) => place + 1,
        ("Home", Some(_)) => 0,
        _ => return None,
    };
    element(to).map(Next::Message)
}
