//! The state of the connection in the room's head. A screen reader announces a change of state, but not the countdown.
//! Called by `room_head`; the button opens the `connection_panel`.

mod connection_panel;

use leptos::prelude::*;

pub(super) use self::connection_panel::ConnectionPanel;
use super::wording::{connection_code, connection_words, countdown};
use crate::state::connection::ConnectionStatus;
use crate::state::{Command, Commands, Screen};

/// The status as a button. While the page waits or is offline, a second button connects now.
#[component]
pub(super) fn ConnectionState() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let status = move || screen.connection.get().status;
    let is_trying = move || !matches!(status(), ConnectionStatus::Reconnecting { .. } | ConnectionStatus::Offline);
    view! {
        <div
            class="connection"
            role="status"
            aria-label="Connection"
            data-state=move || connection_code(status())
            data-transport=move || screen.connection.get().transport.code()
        >
            <button
                class="button-quiet connection-open"
                type="button"
                aria-haspopup="dialog"
                on:click=move |_| screen.is_traffic_shown.set(true)
            >
                <span class="connection-dot"></span>
                <span class="visually-hidden">"Connection: "</span>
                <span class="connection-text">
                    {move || connection_words(status())}
                    <span aria-hidden="true">{move || countdown(status())}</span>
                </span>
            </button>
            <button
                class="button-quiet connection-now"
                type="button"
                hidden=is_trying
                on:click=move |_| commands.give(Command::ReconnectNow)
            >
                "now"
            </button>
        </div>
    }
}
