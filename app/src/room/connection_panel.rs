//! The dialog that says by what way messages come, and lets one choose another. The server draws it beside the island, so
//! that no code to draw it travels; `live` opens it, fills in its few varying texts and hears what is chosen.

use hubbub_client::Engine;
use hubbub_protocol::UnixMillis;
use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlElement, HtmlInputElement};

use super::wording::{reason, rooms_and_seqs, travelled};
use crate::live::ladder::{Ladder, Rung, Why};
use crate::live::transport::Tally;
use crate::ui::by_id;

/// The button that opens it.
pub(super) const BUTTON_ID: &str = "connection-open";
const DIALOG_ID: &str = "connection";
const FACTS: &str = "#connection dd";
const AUTOMATIC: &str = "automatic";

/// The dialog. Without script nothing opens it.
#[component]
pub(super) fn ConnectionPanel() -> impl IntoView {
    view! {
        <dialog class="dialog connection-panel" id=DIALOG_ID aria-labelledby="connection-title">
            <h2 class="dialog-title" id="connection-title">"Connection"</h2>
            <form class="dialog-form" method="dialog">
                <fieldset class="transports" role="radiogroup" aria-label="Transport">
                    <legend>"Transport"</legend>
                    <Choice value=AUTOMATIC name="Automatic" hint="The first of these that works." />
                    <Choice value=Rung::WebSocket.name() name="WebSocket" hint="The server sends at once." />
                    <Choice value=Rung::LongPoll.name() name="Long polling" hint="A request waits for what is new." />
                    <Choice value=Rung::Poll.name() name="Polling" hint="Asks every 5 seconds." />
                </fieldset>
                <dl class="facts">
                    <dt>"In use"</dt>
                    <dd></dd>
                    <dt>"Round trip"</dt>
                    <dd></dd>
                    <dt>"Received"</dt>
                    <dd></dd>
                    <dt>"Sent"</dt>
                    <dd></dd>
                    <dt>"Reconnects"</dt>
                    <dd></dd>
                    <dt>"Last seq"</dt>
                    <dd></dd>
                </dl>
                <div class="dialog-actions">
                    <button class="button">"Close"</button>
                </div>
            </form>
        </dialog>
    }
}

/// A way to choose, with what it does.
#[component]
fn Choice(value: &'static str, name: &'static str, hint: &'static str) -> impl IntoView {
    view! {
        <label class="transport">
            <input type="radio" name="transport" id=value value=value aria-labelledby=format!("{value}-name") />
            <span id=format!("{value}-name")>{name}</span>
            <small>{hint}</small>
        </label>
    }
}

/// Hears the button and what is chosen.
pub(crate) fn listen(listener: &Function) {
    if let (Some(button), Some(dialog)) = (by_id::<HtmlElement>(BUTTON_ID), dialog()) {
        button.set_onclick(Some(listener));
        dialog.set_onchange(Some(listener));
    }
}

/// Opens it; Escape closes it, and the browser gives the focus back.
pub(crate) fn open(ladder: &Ladder) {
    let choice = if ladder.why == Why::Chosen { ladder.rung.name() } else { AUTOMATIC };
    if let (Some(dialog), Some(radio)) = (dialog(), by_id::<HtmlInputElement>(choice)) {
        radio.set_checked(true);
        // Its button is covered while it is open, so it is closed, and it is on the page.
        let _ = dialog.show_modal();
    }
}

/// Whether someone looks at it.
fn is_open() -> bool {
    dialog().is_some_and(|dialog| dialog.open())
}

/// When it is to be brought up to date again, while someone looks at it.
pub(crate) fn deadline(tally: &Tally) -> Option<UnixMillis> {
    is_open().then_some(tally.measure_at)
}

/// What was chosen; none is the ladder's choice.
pub(crate) fn chosen(event: &Event) -> Option<Rung> {
    let radio: HtmlInputElement = event.target()?.dyn_into().ok()?;
    Rung::named(&radio.value())
}

/// Brings it up to date, if it is open.
pub(crate) fn show(engine: &Engine, ladder: &Ladder, tally: &Tally) {
    if !is_open() {
        return;
    }
    let facts = [
        reason(ladder.rung, ladder.why),
        tally.round_trip_ms.map(|ms| format!("{ms} ms")).unwrap_or_default(),
        travelled(tally.n_in, tally.bytes_in),
        travelled(tally.n_out, tally.bytes_out),
        tally.n_opened.saturating_sub(1).to_string(),
        rooms_and_seqs(engine),
    ];
    let Ok(places) = document().query_selector_all(FACTS) else { return };
    for (i, fact) in (0..).zip(&facts) {
        if let Some(place) = places.item(i) {
            place.set_text_content(Some(fact));
        }
    }
}

fn dialog() -> Option<HtmlDialogElement> {
    by_id(DIALOG_ID)
}
