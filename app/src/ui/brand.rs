//! The name and mark of Hubbub as a link to the start page. Called by every page's head.

use leptos::prelude::*;

/// The link.
#[component]
pub(crate) fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href="/">
            <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
                <path class="brand-one" d="M3 22V12.5A9.5 9.5 0 1 1 12.5 22Z" />
                <path class="brand-two" d="M29 10V19.5A9.5 9.5 0 1 1 19.5 10Z" />
                <path class="brand-both" d="M10.335 22H12.5A9.5 9.5 0 0 0 21.665 10H19.5A9.5 9.5 0 0 0 10.335 22Z" />
            </svg>
            "Hubbub"
        </a>
    }
}
