//! The dialog that creates a room. It is a form: the browser checks it first, and the server answers with the room's page, or
//! with this page and the dialog open. Called by `layout`; `room_list` has the button.

use hubbub_protocol::Refusal;
use hubbub_protocol::text::{RoomName, TextError, Topic};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement};

use super::drawer;
use crate::browser::{by_id, once_live};
use crate::state::Screen;
use crate::state::first_paint::Refused;
use crate::state::screen::Side;
use crate::ui::Field;
use crate::ui::field::field_id;

const DIALOG_ID: &str = "new-room";

/// Opens the dialog, and closes the drawer that the button may be in. Escape closes the dialog, and the browser gives the
/// focus back to the element that has it now.
pub(super) fn open_dialog(screen: Screen) {
    if screen.side.get_untracked().is_some() {
        drawer::close(screen);
        if let Some(button) = by_id::<HtmlElement>(drawer::button_id(Side::Rooms)) {
            // A displayed button takes the focus.
            let _ = button.focus();
        }
    }
    show();
}

fn show() {
    if let Some(dialog) = dialog().filter(|dialog| !dialog.open()) {
        // A closed dialog on the page opens.
        let _ = dialog.show_modal();
    }
}

/// The dialog.
#[component]
pub(super) fn NewRoom(name: Refused, topic: Refused) -> impl IntoView {
    let was_refused = !(name.reason.is_empty() && topic.reason.is_empty());
    let (name_error, topic_error) = (RwSignal::new(name.reason), RwSignal::new(topic.reason));
    once_live(move || {
        if was_refused && let Some(dialog) = dialog() {
            dialog.close();
            show();
        }
    });
    let check = move |event: SubmitEvent| {
        let topic_is_wrong = is_wrong("topic", topic_error, Topic::parse(&typed("topic")).err());
        let name_is_wrong = is_wrong("name", name_error, RoomName::parse(&typed("name")).err());
        if topic_is_wrong || name_is_wrong {
            event.prevent_default();
        }
    };
    view! {
        <dialog class="dialog" id=DIALOG_ID aria-labelledby="new-room-title" open=was_refused>
            <h2 class="dialog-title" id="new-room-title">"New room"</h2>
            <form class="dialog-form" method="post" action="/rooms" novalidate on:submit=check>
                <Field name="name" label="Room name" value=name.typed hint="" error=name_error.into() />
                <Field name="topic" label="Topic" value=topic.typed hint="What it is about, in a sentence. Optional." error=topic_error.into() />
                <div class="dialog-actions">
                    <button class="button" type="button" on:click=move |_| close_dialog()>"Cancel"</button>
                    <button class="button button-primary">"Create"</button>
                </div>
            </form>
        </dialog>
    }
}

/// Shows the error of a field, if there is one, and focuses the field.
fn is_wrong(field: &str, shown: RwSignal<String>, error: Option<TextError>) -> bool {
    shown.set(error.map(|error| Refusal::from(error).to_string()).unwrap_or_default());
    if error.is_some()
        && let Some(input) = input(field)
    {
        // A visible input takes the focus.
        let _ = input.focus();
    }
    error.is_some()
}

fn typed(field: &str) -> String {
    input(field).map(|input| input.value()).unwrap_or_default()
}

fn input(field: &str) -> Option<HtmlInputElement> {
    by_id(&field_id(field))
}

fn close_dialog() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

fn dialog() -> Option<HtmlDialogElement> {
    by_id(DIALOG_ID)
}
