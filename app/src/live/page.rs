//! What holds for every page once its islands are live. Called by the WebAssembly entry.

use std::time::Duration;

use hubbub_protocol::UnixMillis;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::clock;

/// Marks the page as interactive, after the islands: they are brought to life in the microtasks of this task, and a
/// timer comes after those.
pub(crate) fn mark_as_live() {
    set_timeout(
        || {
            say_times_locally();
            if let Some(root) = document().document_element() {
                // A valid name on an element that exists.
                let _ = root.set_attribute("data-hydrated", "");
            }
        },
        Duration::ZERO,
    );
}

/// Times that stand outside of any island are rewritten where they are.
fn say_times_locally() {
    let Ok(times) = document().query_selector_all("time[data-at]") else { return };
    for i in 0..times.length() {
        let Some(time) = times.item(i).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        if let Some(at) = time.get_attribute("data-at").and_then(|at| at.parse().ok()) {
            time.set_text_content(Some(&clock::local_time(UnixMillis(at))));
        }
    }
}
