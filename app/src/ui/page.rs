//! What happens on every page once its islands are hydrated. Called by the WebAssembly entry.

use std::time::Duration;

use hubbub_protocol::UnixMillis;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::browser::{clipboard, clock};

/// Marks the page as interactive after the islands are hydrated. They are hydrated in microtasks of this task, and a timer
/// runs after those.
pub(crate) fn mark_as_live() {
    set_timeout(
        || {
            localize_times();
            clipboard::handle_copy_buttons();
            if let Some(root) = document().document_element() {
                // The name is valid, and the element exists.
                let _ = root.set_attribute("data-hydrated", "");
            }
        },
        Duration::ZERO,
    );
}

/// Rewrites the times that are outside of any island in local time.
fn localize_times() {
    let Ok(times) = document().query_selector_all("time[data-at]") else { return };
    for i in 0..times.length() {
        let Some(time) = times.item(i).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        if let Some(at) = time.get_attribute("data-at").and_then(|at| at.parse().ok()) {
            time.set_text_content(Some(&clock::local_time(UnixMillis(at))));
        }
    }
}
