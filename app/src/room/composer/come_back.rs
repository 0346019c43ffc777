//! The offer to a person who signed out in another tab: to come back under the same name. What was written in this tab is
//! sent then (`live::same_name`). Called by `composer`.

use leptos::prelude::*;

use crate::state::Screen;
use crate::state::connection::ConnectionStatus;

/// Whether the session of this page has ended. Nothing can be sent until the person comes back.
pub(super) fn is_signed_out(screen: Screen) -> bool {
    screen.connection.read().status == ConnectionStatus::SignedOut
}

/// The offer, while the person is signed out.
#[component]
pub(super) fn ComeBack() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let is_shown = Memo::new(move |_| is_signed_out(screen));
    move || {
        is_shown.get().then(|| {
            let name = screen.you.with_value(|you| you.name.clone());
            let words = format!("Come back as {name}");
            view! {
                <form class="come-back" method="post" action="/session">
                    <input type="hidden" name="name" value=name />
                    <input type="hidden" name="room" value=screen.room.with_untracked(|room| room.slug.to_string()) />
                    <button class="button button-primary">{words}</button>
                </form>
            }
        })
    }
}
