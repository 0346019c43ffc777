//! The name and mark of Hubbub, leading home. Called by every page's head.

use leptos::prelude::*;

/// The link home.
#[component]
pub(crate) fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href="/">
            <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4.5V16A2.5 2.5 0 0 1 4 13.5z" />
            </svg>
            "Hubbub"
        </a>
    }
}
