//! The page for what does not exist: says so, and leads back. Called by `routes` and by pages that find nothing.

use leptos::prelude::*;

use super::error::Plain;
use crate::backend::Door;

const STATUS: u16 = 404;

/// The page.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    // Without a door the routes are only being listed.
    if let Some(door) = use_context::<Door>() {
        door.set_status(STATUS);
    }
    view! { <Plain status=STATUS title="There is nothing here" lead="The page or room you asked for does not exist, or not any more." /> }
}
