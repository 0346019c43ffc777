//! Elements by their id, and code that runs once the page is live. [`once_live`] may be called on the server too.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

/// The element with an id, if the page has it and it is of that type.
pub(crate) fn by_id<E: JsCast>(id: &str) -> Option<E> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Runs `start` in the browser once the island around the caller is hydrated. On the server it is never run.
pub(crate) fn once_live(start: impl FnOnce() + 'static) {
    if is_browser() {
        spawn_local(async move { start() });
    }
}
