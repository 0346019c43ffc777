//! The link that leads past the navigation, the first on every page. Called by the pages.

use leptos::prelude::*;

/// The link to an element. It is on the screen only while it has the focus.
#[component]
pub(crate) fn SkipLink(
    /// The id of the element.
    to: &'static str,
    words: &'static str,
) -> impl IntoView {
    view! { <a class="skip-link" href=format!("#{to}")>{words}</a> }
}
