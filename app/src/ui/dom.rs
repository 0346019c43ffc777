//! Elements by their id, and the moment from which on there are any. A reference of the framework's would be a signal
//! of a type of its own for each kind of element. Called in a browser only, but for [`once_live`].

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

/// The element of that id, if it is there and of that kind.
pub(crate) fn by_id<E: JsCast>(id: &str) -> Option<E> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Runs something in the browser once the island around the caller is live. On the server it never runs.
pub(crate) fn once_live(start: impl FnOnce() + 'static) {
    if is_browser() {
        spawn_local(async move { start() });
    }
}
