//! The dialog that makes a room. A real form: the browser checks it first, the server answers with the room's page or
//! with this page and the dialog open. Called by `chat`; `sidebar` has the button.

use hubbub_protocol::Refusal;
use hubbub_protocol::text::{RoomName, TextError, Topic};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::first_paint::Refused;
use crate::ui::Field;

const DIALOG_ID: &str = "new-room";

/// Opens the dialog; Escape closes it, and the browser gives the focus back.
pub(super) fn open_dialog() {
    if let Some(dialog) = dialog().filter(|dialog| !dialog.open()) {
        // It is closed and on the page, so it opens.
        let _ = dialog.show_modal();
    }
}

/// The dialog.
#[component]
pub(super) fn NewRoom(name: Refused, topic: Refused) -> impl IntoView {
    let was_refused = !(name.reason.is_empty() && topic.reason.is_empty());
    let (name_error, topic_error) = (RwSignal::new(name.reason), RwSignal::new(topic.reason));
    let (name_input, topic_input) = (NodeRef::new(), NodeRef::new());
    Effect::new(move |_| {
        if was_refused && let Some(dialog) = dialog() {
            dialog.close();
            open_dialog();
        }
    });
    let check = move |event: SubmitEvent| {
        let topic_is_wrong = is_wrong(topic_input, topic_error, |text| Topic::parse(text).err());
        let name_is_wrong = is_wrong(name_input, name_error, |text| RoomName::parse(text).err());
        if topic_is_wrong || name_is_wrong {
            event.prevent_default();
        }
    };
    view! {
        <dialog class="dialog" id=DIALOG_ID aria-labelledby="new-room-title" open=was_refused>
            <h2 class="dialog-title" id="new-room-title">"New room"</h2>
            <form class="dialog-form" method="post" action="/rooms" novalidate on:submit=check>
                <Field name="name" label="Room name" value=name.typed hint="" error=name_error.into() node_ref=name_input />
                <Field name="topic" label="Topic" value=topic.typed hint="What it is about, in a sentence. Optional." error=topic_error.into() node_ref=topic_input />
                <div class="dialog-actions">
                    <button class="button" type="button" on:click=move |_| close_dialog()>"Cancel"</button>
                    <button class="button button-primary">"Create"</button>
                </div>
            </form>
        </dialog>
    }
}

/// Shows what is wrong with a field, and puts the cursor there.
fn is_wrong(
    input: NodeRef<html::Input>,
    shown: RwSignal<String>,
    check: impl FnOnce(&str) -> Option<TextError>,
) -> bool {
    let Some(input) = input.get_untracked() else { return false };
    let error = check(&input.value());
    let is_wrong = error.is_some();
    shown.set(error.map(|error| Refusal::from(error).to_string()).unwrap_or_default());
    if is_wrong {
        // An input that is shown takes the focus.
        let _ = input.focus();
    }
    is_wrong
}

fn close_dialog() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

fn dialog() -> Option<HtmlDialogElement> {
    document().get_element_by_id(DIALOG_ID)?.dyn_into().ok()
}
