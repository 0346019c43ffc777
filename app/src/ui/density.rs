//! The switch between roomy and compact messages. The choice is stored in this browser, and `shell` applies it before the
//! first paint. Called by the room's sidebar; `room::page_events` calls [`turn_density`].

use leptos::prelude::*;
use web_sys::Element;

use crate::browser::{once_live, storage};

/// The selector of the button.
pub(crate) const COMPACT_BUTTON: &str = ".density-switch";
const KEY: &str = "hubbub.density";
const COMPACT: &str = "compact";

/// The switch, as a button that is pressed or not. The style draws its icon.
#[component]
pub(crate) fn DensitySwitch() -> impl IntoView {
    once_live(|| show(is_compact()));
    view! {
        <button
            class="density-switch icon-button"
            type="button"
            title="Compact messages"
            aria-label="Compact messages"
            aria-pressed="false"
        ></button>
    }
}

/// Changes to the other density.
pub(crate) fn turn_density() {
    let is_compact = !is_compact();
    storage::write(KEY, if is_compact { COMPACT } else { "roomy" });
    show(is_compact);
}

fn is_compact() -> bool {
    storage::read(KEY).as_deref() == Some(COMPACT)
}

fn show(is_compact: bool) {
    let button: Option<Element> = document().query_selector(COMPACT_BUTTON).ok().flatten();
    let (Some(root), Some(button)) = (document().document_element(), button) else { return };
    // None of the calls can fail: the names are valid.
    let _ = button.set_attribute("aria-pressed", if is_compact { "true" } else { "false" });
    let _ =
        if is_compact { root.set_attribute("data-density", COMPACT) } else { root.remove_attribute("data-density") };
}
