//! The button that opens the answers to a message.

use std::sync::Arc;

use leptos::prelude::*;

use crate::state::rows::MessageRow;
use crate::state::{Command, Commands};

/// The button. Nothing without answers.
#[component]
pub(super) fn Replies(row: Arc<MessageRow>) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let id = row.id;
    let n_replies = ArcMemo::new(move |_| row.shown.read().replies);
    move || {
        let words = match n_replies.get() {
            0 => return None,
            1 => "1 reply".to_owned(),
            n => format!("{n} replies"),
        };
        Some(view! {
            <button
                class="button-quiet message-replies"
                type="button"
                on:click=move |_| commands.give(Command::OpenThread(id))
            >
                {words}
            </button>
        })
    }
}
