//! The dialog that shows the figures of the connection and lets a person choose the transport. Called by `later`;
//! `connection` opens it.

use leptos::prelude::*;

use crate::room::wording::{frames, heads, transport_reason};
use crate::state::transport::{TransportKind, TransportReason};
use crate::state::{Command, Commands, Screen};
use crate::ui::show_while;

/// The id of the radio button that leaves the choice to the page. The others have the codes of their transports.
const AUTOMATIC: &str = "automatic";

/// The dialog. Without script nothing opens it.
#[component]
pub(in crate::room) fn ConnectionPanel() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let is_open = screen.is_traffic_shown;
    let element = show_while(move || is_open.get(), move || commands.give(Command::UpdateTraffic));
    view! {
        <dialog
            class="dialog connection-panel"
            aria-labelledby="connection-title"
            node_ref=element
            on:close=move |_| is_open.set(false)
        >
            <h2 class="dialog-title" id="connection-title">"Connection"</h2>
            <form class="dialog-form" method="dialog">
                {move || is_open.get().then(|| view! { <Choices /> })}
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
    let screen = expect_context::<Screen>();
    let connection = screen.connection.get_untracked();
    let chosen = Some(connection.transport).filter(|_| connection.reason == TransportReason::Chosen);
    view! {
        <fieldset class="transports" role="radiogroup" aria-label="Transport">
            <legend>"Transport"</legend>
            <Choice kind=None chosen name="Automatic" hint="The first of these that works." />
            <Choice kind=Some(TransportKind::WebSocket) chosen name="WebSocket" hint="The server sends at once." />
            <Choice kind=Some(TransportKind::LongPolling) chosen name="Long polling" hint="A request waits for what is new." />
            <Choice kind=Some(TransportKind::Polling) chosen name="Polling" hint="Asks every 5 seconds." />
        </fieldset>
    }
}

/// A radio button with an explanation.
#[component]
fn Choice(
    kind: Option<TransportKind>,
    chosen: Option<TransportKind>,
    name: &'static str,
    hint: &'static str,
) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let id = kind.map_or(AUTOMATIC, TransportKind::code);
    view! {
        <label class="transport">
            <input
                type="radio"
                name="transport"
                id=id
                value=id
                checked=kind == chosen
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
