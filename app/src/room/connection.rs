//! How the connection stands, honestly. A screen reader hears when that changes, and not each second of the wait.
//! Called by `room_head`.

use leptos::prelude::*;

use super::screen::Screen;
use super::wording::Standing;
use crate::live;

/// The status, with "now" while it waits.
#[component]
pub(super) fn ConnectionStatus() -> impl IntoView {
    let standing = expect_context::<Screen>().standing;
    let state = Signal::derive(move || standing.get().state().to_owned());
    let words = Signal::derive(move || standing.get().words().to_owned());
    let countdown = Signal::derive(move || standing.get().countdown());
    let is_not_waiting = Signal::derive(move || !matches!(standing.get(), Standing::Reconnecting { .. }));
    view! {
        <div class="connection" role="status" aria-label="Connection" data-state=state>
            <span class="connection-dot"></span>
            <span class="connection-text">
                {words}
                <span aria-hidden="true">{countdown}</span>
            </span>
            <button class="button-quiet connection-now" type="button" hidden=is_not_waiting on:click=move |_| live::reconnect_now()>
                "now"
            </button>
        </div>
    }
}
