//! The earlier texts of an own message. They are asked for when the dialog opens.

use std::sync::Arc;

use hubbub_protocol::Revision;
use leptos::either::EitherOf3;
use leptos::prelude::*;

use crate::room::body::Body;
use crate::state::rows::MessageRow;
use crate::state::{Command, Commands, Screen};
use crate::ui::time::{Zone, iso};

/// The texts, the newest first.
#[component]
pub(super) fn History(message: Arc<MessageRow>) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let id = message.id;
    commands.give(Command::AskRevisions(id));
    let now = message.shown.clone();
    let now = move || {
        let shown = now.read();
        Revision { at: shown.edited_at.unwrap_or(shown.at), body: shown.body.clone() }
    };
    let earlier = move || match screen.revisions.get().filter(|answered| answered.message == id) {
        None => EitherOf3::A(view! { <p class="dialog-note">"Loading…"</p> }),
        Some(answered) => match answered.answer {
            Ok(revisions) => {
                EitherOf3::B(revisions.into_iter().rev().map(|revision| view! { <Text revision /> }).collect_view())
            }
            Err(refusal) => EitherOf3::C(view! { <p class="dialog-note" role="alert">{refusal.to_string()}</p> }),
        },
    };
    view! {
        <h2 class="dialog-title">"History"</h2>
        <ol class="revisions" reversed>
            {move || view! { <Text revision=now() /> }}
            {earlier}
        </ol>
        <div class="dialog-actions">
            <button class="button" type="button" on:click=move |_| screen.acting.dialog.set(None)>"Close"</button>
        </div>
    }
}

#[component]
fn Text(revision: Revision) -> impl IntoView {
    let Revision { at, body } = revision;
    view! {
        <li class="revision">
            <time class="message-time" datetime=iso(at)>{Zone::Local.time(at)}</time>
            <Body text=body />
        </li>
    }
}
