//! How the connection stands, honestly. A screen reader hears when that changes, and not each second of the wait.
//! Called by `room_head`; what the button opens is `connection_panel`.

use leptos::prelude::*;

use super::connection_panel::BUTTON_ID;
use super::screen::Screen;
use super::wording::Standing;
use crate::live;

/// The status, a button, with "now" while it waits, or believes the browser that there is no network.
#[component]
pub(super) fn ConnectionStatus() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let state = screen.text(|shown| shown.standing.state().to_owned());
    let transport = screen.text(|shown| shown.rung.name().to_owned());
    let words = screen.text(|shown| shown.standing.words().to_owned());
    let countdown = screen.text(|shown| shown.standing.countdown());
    let is_not_waiting =
        screen.flag(|shown| !matches!(shown.standing, Standing::Reconnecting { .. } | Standing::Offline));
    view! {
        <div class="connection" role="status" aria-label="Connection" data-state=state data-transport=transport>
            <button class="button-quiet connection-open" id=BUTTON_ID type="button" aria-haspopup="dialog">
                <span class="connection-dot"></span>
                <span class="visually-hidden">"Connection: "</span>
                <span class="connection-text">{words}<span aria-hidden="true">{countdown}</span></span>
            </button>
            <button
                class="button-quiet connection-now"
                type="button"
                hidden=is_not_waiting
                on:click=move |_| live::reconnect_now()
            >
                "now"
            </button>
        </div>
    }
}
