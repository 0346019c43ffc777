//! The dialog that shows the figures of the connection and lets a person choose the transport. Called by `layout`;
//! `connection` opens it.

use leptos::prelude::*;
use web_sys::{HtmlDialogElement, HtmlInputElement};

use super::wording::{frames, heads, transport_reason};
use crate::browser::by_id;
use crate::state::connection::ShownConnection;
use crate::state::transport::{TransportKind, TransportReason};
use crate::state::{Command, Commands, Screen};

const DIALOG_ID: &str = "connection";
/// The id of the radio button that leaves the choice to the page. The others have the codes of their transports.
const AUTOMATIC: &str = "automatic";

/// Opens the dialog. Escape closes it, and the browser gives the focus back.
pub(super) fn open_panel(screen: Screen, commands: Commands) {
    let ShownConnection { transport, reason, .. } = screen.connection.get_untracked();
    let chosen = if reason == TransportReason::Chosen { transport.code() } else { AUTOMATIC };
    let (Some(dialog), Some(radio)) = (by_id::<HtmlDialogElement>(DIALOG_ID), by_id::<HtmlInputElement>(chosen)) else {
        return;
    };
    radio.set_checked(true);
    // The button that opens the dialog is covered while it is open, so it is closed now.
    let _ = dialog.show_modal();
    screen.is_traffic_shown.set(true);
    commands.give(Command::UpdateTraffic);
}

/// The dialog. Without script nothing opens it.
#[component]
pub(super) fn ConnectionPanel() -> impl IntoView {
    let screen = expect_context::<Screen>();
    view! {
        <dialog
            class="dialog connection-panel"
            id=DIALOG_ID
            aria-labelledby="connection-title"
            on:close=move |_| screen.is_traffic_shown.set(false)
        >
            <h2 class="dialog-title" id="connection-title">"Connection"</h2>
            <form class="dialog-form" method="dialog">
                <Choices />
                <Figures />
                <div class="dialog-actions">
                    <button class="button">"Close"</button>
                </div>
            </form>
        </dialog>
    }
}

#[component]
fn Choices() -> impl IntoView {
    view! {
        <fieldset class="transports" role="radiogroup" aria-label="Transport">
            <legend>"Transport"</legend>
            <Choice kind=None name="Automatic" hint="The first of these that works." />
            <Choice kind=Some(TransportKind::WebSocket) name="WebSocket" hint="The server sends at once." />
            <Choice kind=Some(TransportKind::LongPolling) name="Long polling" hint="A request waits for what is new." />
            <Choice kind=Some(TransportKind::Polling) name="Polling" hint="Asks every 5 seconds." />
        </fieldset>
    }
}

/// A radio button with an explanation.
#[component]
fn Choice(kind: Option<TransportKind>, name: &'static str, hint: &'static str) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let id = kind.map_or(AUTOMATIC, TransportKind::code);
    view! {
        <label class="transport">
            <input
                type="radio"
                name="transport"
                id=id
                value=id
                aria-labelledby=format!("{id}-name")
                on:change=move |_| commands.give(Command::ChooseTransport(kind))
            />
            <span id=format!("{id}-name")>{name}</span>
            <small>{hint}</small>
        </label>
    }
}

#[component]
fn Figures() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let traffic = screen.traffic;
    let in_use = move || {
        let connection = screen.connection.get();
        transport_reason((connection.transport, connection.reason))
    };
    view! {
        <dl class="facts">
            <dt>"In use"</dt>
            <dd>{in_use}</dd>
            <dt>"Round trip"</dt>
            <dd>{move || traffic.read().round_trip_ms.map(|ms| format!("{ms} ms"))}</dd>
            <dt>"Received"</dt>
            <dd>{move || frames(traffic.read().received)}</dd>
            <dt>"Sent"</dt>
            <dd>{move || frames(traffic.read().sent)}</dd>
            <dt>"Reconnects"</dt>
            <dd>{move || traffic.read().n_reconnects.to_string()}</dd>
            <dt>"Position"</dt>
            <dd>{move || heads(&traffic.read().heads)}</dd>
        </dl>
    }
}
