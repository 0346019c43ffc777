//! Asks before a message is deleted.

use std::sync::Arc;

use leptos::prelude::*;

use crate::room::body::Body;
use crate::state::rows::MessageRow;
use crate::state::{Command, Commands, Screen};

/// The question.
#[component]
pub(super) fn Delete(message: Arc<MessageRow>) -> impl IntoView {
    let acting = expect_context::<Screen>().acting;
    let commands = expect_context::<Commands>();
    let id = message.id;
    let text = message.shown.with_untracked(|shown| shown.body.clone());
    let delete = move |_| {
        commands.give(Command::Delete(id));
        acting.edit(None);
        acting.dialog.set(None);
    };
    view! {
        <h2 class="dialog-title">"Delete message?"</h2>
        <div class="dialog-message"><Body text /></div>
        <p class="dialog-note">"Everyone in the room stops seeing it. You can't undo this."</p>
        <div class="dialog-actions">
            <button class="button" type="button" on:click=move |_| acting.dialog.set(None)>"Cancel"</button>
            <button class="button button-danger" type="button" autofocus on:click=delete>"Delete"</button>
        </div>
    }
}
