//! The dialog in which the person who made a room changes its name and topic. Called by `layout`; `room_head` has the
//! button.

use hubbub_protocol::Refusal;
use hubbub_protocol::text::{RoomName, Topic};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlDialogElement;

use crate::browser::by_id;
use crate::state::{Command, Commands, Screen};

const DIALOG_ID: &str = "describe-room";
const NAME_ID: &str = "describe-name";
const TOPIC_ID: &str = "describe-topic";

/// Opens the dialog with the name and the topic that the room has.
pub(super) fn open_dialog(screen: Screen) {
    let Some(dialog) = by_id::<HtmlDialogElement>(DIALOG_ID) else { return };
    let room = screen.room.get_untracked();
    for (id, text) in [(NAME_ID, room.name), (TOPIC_ID, room.topic)] {
        if let Some(input) = by_id::<web_sys::HtmlInputElement>(id) {
            input.set_value(&text);
        }
    }
    // A closed dialog on the page opens.
    let _ = dialog.show_modal();
}

/// The dialog.
#[component]
pub(super) fn DescribeRoom() -> impl IntoView {
    let commands = expect_context::<Commands>();
    let error = RwSignal::new(String::new());
    let (name, topic) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let typed = |input: NodeRef<html::Input>| input.get_untracked().map(|input| input.value()).unwrap_or_default();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match (RoomName::parse(&typed(name)), Topic::parse(&typed(topic))) {
            (Ok(name), Ok(topic)) => {
                commands.give(Command::Describe { name, topic });
                error.set(String::new());
                close();
            }
            (Err(why), _) | (_, Err(why)) => error.set(Refusal::from(why).to_string()),
        }
    };
    view! {
        <dialog class="dialog" id=DIALOG_ID aria-labelledby="describe-title">
            <h2 class="dialog-title" id="describe-title">"Name and topic"</h2>
            <form class="dialog-form" novalidate on:submit=submit>
                <label class="field">
                    <span class="field-label">"Room name"</span>
                    <input class="field-input" id=NAME_ID autocomplete="off" node_ref=name />
                </label>
                <label class="field">
                    <span class="field-label">"Topic"</span>
                    <input class="field-input" id=TOPIC_ID autocomplete="off" node_ref=topic />
                </label>
                <p class="field-error" role="alert">{move || error.get()}</p>
                <div class="dialog-actions">
                    <button class="button" type="button" on:click=|_| close()>"Cancel"</button>
                    <button class="button button-primary">"Save"</button>
                </div>
            </form>
        </dialog>
    }
}

fn close() {
    if let Some(dialog) = by_id::<HtmlDialogElement>(DIALOG_ID) {
        dialog.close();
    }
}
