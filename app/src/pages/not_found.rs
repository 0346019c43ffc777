//! The page for an address or a room that does not exist. Called by `routes`, and by the room's page.

use leptos::prelude::*;

use super::error::Plain;
use crate::backend::SharedBackend;

const STATUS: u16 = 404;

/// The page for what does not exist.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    // There is no backend in the context while the server lists the routes.
    if let Some(backend) = use_context::<SharedBackend>() {
        backend.set_status(STATUS);
    }
    view! { <Plain status=STATUS title="There is nothing here" lead="The page or room you asked for does not exist, or not any more." /> }
}
