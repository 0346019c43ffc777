//! The button that copies a block of code. The style shows it once the page is live, because it needs script.

use std::time::Duration;

use leptos::prelude::*;

use crate::browser::clipboard;
use crate::ui::{Glyph, Icon};

/// How long the button says that the code was copied.
const COPIED_FOR: Duration = Duration::from_secs(2);

/// The button.
#[component]
pub(super) fn CopyButton(code: String) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        clipboard::copy(&code);
        copied.set(true);
        // The message may be gone by then.
        let reset = move || {
            let _ = copied.try_set(false);
        };
        set_timeout(reset, COPIED_FOR);
    };
    view! {
        <button
            class="icon-button code-copy"
            type="button"
            aria-label=move || if copied.get() { "Copied" } else { "Copy code" }
            data-copied=move || copied.get()
            on:click=copy
        >
            <Icon glyph=Glyph::Copy />
        </button>
    }
}
