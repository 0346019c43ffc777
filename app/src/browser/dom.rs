//! Elements by their id, and code that runs once the page is live. [`once_live`] may be called on the server too.

use js_sys::JsString;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// The element with an id, if the page has it and it is of that type.
pub(crate) fn by_id<E: JsCast>(id: &str) -> Option<E> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Whether a media query holds, such as `(pointer: fine)`.
pub(crate) fn matches_media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|media| media.matches())
}

/// Whether the browser may have a network. False means that it has none.
pub(crate) fn is_online() -> bool {
    window().navigator().on_line()
}

/// A text in lower case, by the browser's tables: Rust's would be part of the WebAssembly.
pub(crate) fn lower_case(text: &str) -> String {
    JsString::from(text).to_lower_case().into()
}

/// Runs `start` in the browser once the island around the caller is hydrated. On the server it is never run.
pub(crate) fn once_live(start: impl FnOnce() + 'static) {
    if is_browser() {
        spawn_local(async move { start() });
    }
}

/// Puts a text on the clipboard. Browsers allow it right after a press, and on secure pages only; else nothing happens.
pub(crate) fn copy_text(text: &str) {
    let clipboard = window().navigator().clipboard();
    // The promise fails without permission. The text is on the screen and can be selected.
    drop(clipboard.write_text(text));
}

/// The element that is `step` places after the focused one among the elements of a selector within the event's element.
pub(crate) fn next_to_focus<E: JsCast>(event: &Event, selector: &str, step: i32) -> Option<E> {
    let within: Element = event.current_target()?.dyn_into().ok()?;
    let elements = within.query_selector_all(selector).ok()?;
    let focused = document().active_element()?;
    let place = (0..elements.length())
        .find(|place| elements.item(*place).is_some_and(|element| element.is_same_node(Some(&focused))))?;
    elements.item(place.checked_add_signed(step)?)?.dyn_into().ok()
}
