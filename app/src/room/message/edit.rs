//! The form that edits a message in its place. The text area's text belongs to the browser, so that the form survives
//! whatever happens to the message meanwhile.

use std::sync::Arc;

use hubbub_protocol::Refusal;
use hubbub_protocol::text::{self, TextError};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use crate::room::shortcuts;
use crate::room::text_area::{self, Pressed};
use crate::state::acting::DialogKind;
use crate::state::rows::MessageRow;
use crate::state::{Command, Commands, Screen};

/// The form.
#[component]
pub(in crate::room) fn Edit(row: Arc<MessageRow>) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let input = NodeRef::<html::Textarea>::new();
    let error = RwSignal::new(String::new());
    let before = row.shown.with_untracked(|shown| shown.body.clone());
    Effect::new({
        let before = before.clone();
        move || {
            input.get().iter().for_each(|input| begin(input, &before, screen.acting.edited_text.get_value().as_deref()))
        }
    });
    let deleted = row.shown.clone();
    let is_deleted = move || deleted.read().is_deleted();
    let close = move || {
        screen.acting.edit(None);
        text_area::focus_composer();
    };
    let save = {
        let (row, is_deleted) = (Arc::clone(&row), is_deleted.clone());
        move || {
            let Some(input) = input.get_untracked() else { return };
            if untrack(&is_deleted) {
                error.set(Refusal::Gone.to_string());
                return;
            }
            match text::Body::parse(&input.value()) {
                Ok(body) => {
                    if body.as_str() != before {
                        commands.give(Command::Edit { message: row.id, body });
                    }
                    close();
                }
                Err(TextError::Empty) => screen.acting.open(DialogKind::Delete, &row),
                Err(why) => error.set(Refusal::from(why).to_string()),
            }
        }
    };
    let submit = {
        let save = save.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            save();
        }
    };
    let press = move |event: KeyboardEvent| match text_area::pressed(&event) {
        _ if input.get_untracked().is_some_and(|input| shortcuts::press(&input, &event)) => {}
        Pressed::Send => {
            event.prevent_default();
            save();
        }
        Pressed::Escape => {
            event.prevent_default();
            event.stop_propagation();
            close();
        }
        // The timeline must not take the arrow keys.
        Pressed::Other => event.stop_propagation(),
    };
    let typed = move |_| {
        if let Some(input) = input.get_untracked() {
            screen.acting.edited_text.set_value(Some(input.value()));
            text_area::fit_height(&input);
        }
    };
    let note = move || {
        if is_deleted() {
            return "This message was deleted meanwhile. Your text is still here: copy what you need.".to_owned();
        }
        error.get()
    };
    view! {
        <form class="edit" on:submit=submit>
            <textarea
                class="edit-input"
                aria-label="Edit message"
                rows="1"
                autocomplete="off"
                node_ref=input
                on:keydown=press
                on:paste=move |event| input.get_untracked().iter().for_each(|input| shortcuts::paste(input, &event))
                on:input=typed
            ></textarea>
            <p class="edit-note" role="alert">{note}</p>
            <div class="edit-actions">
                <button class="button button-small" type="button" on:click=move |_| close()>"Cancel"</button>
                <button class="button button-primary button-small">"Save"</button>
            </div>
        </form>
    }
}

/// Shows the text that is edited, with the focus at its end. A text that was `written` before belongs to a form to which the
/// reader has scrolled back: there the focus would scroll the page.
fn begin(input: &HtmlTextAreaElement, before: &str, written: Option<&str>) {
    input.set_value(written.unwrap_or(before));
    text_area::fit_height(input);
    if written.is_none() {
        // The text area is on the page and takes the focus.
        let _ = input.focus();
        let end = u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX);
        let _ = input.set_selection_range(end, end);
    }
}
