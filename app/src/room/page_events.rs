//! Events of the page that many elements have in common: each kind has one listener on the window, and the elements have
//! none. So a message or a button without signals stays plain markup. Called by `layout`.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::{drawer, fold};
use crate::state::Screen;
use crate::state::later::Later;
use crate::ui::time::tell_full_date;
use crate::ui::{COMPACT_BUTTON, turn_density};

/// Listens for as long as the page lives.
pub(super) fn listen(screen: Screen, later: Later) {
    for name in ["click", "pointerover", "focusin", "popstate", "resize", "touchstart", "touchend"] {
        drop(window_event_listener_untyped(name, move |event| handle(screen, &event)));
    }
    // The first sign of a person, before the press that needs the parts; after a failure also the press itself.
    for name in ["pointerover", "touchstart", "keydown", "click"] {
        drop(window_event_listener_untyped(name, move |_| later.begin()));
    }
}

fn handle(screen: Screen, event: &Event) {
    match &*event.type_() {
        "click" => click(screen, event),
        "pointerover" | "focusin" => {
            if let Some(message) = around(event, "article") {
                tell_full_date(&message);
            }
        }
        _ => drawer::handle(screen, event),
    }
}

fn click(screen: Screen, event: &Event) {
    if let Some(button) = around(event, fold::BUTTON) {
        fold::turn(&button);
        // The reader of a text that has become longer is no longer at the end of the timeline.
        screen.note_position();
    } else if around(event, drawer::CLOSE_BUTTON).is_some() {
        drawer::close(screen);
    } else if around(event, COMPACT_BUTTON).is_some() {
        turn_density();
    }
}

/// The innermost element around the target of an event that matches a selector.
fn around(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok()?
}
