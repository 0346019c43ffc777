//! One message: author, time, text and state. Called by `timeline`.

use std::sync::Arc;

use hubbub_client::MessageState;
use hubbub_protocol::{Member, MessageId};
use leptos::either::Either;
use leptos::prelude::*;

use super::body::Body;
use crate::state::rows::{GroupPosition, Marks, MessageRow};
use crate::state::{Command, Commands, Screen};
use crate::ui::Avatar;
use crate::ui::time::{Zone, iso};

/// The message.
#[component]
pub(super) fn Message(row: Arc<MessageRow>) -> impl IntoView {
    let marks = row.marks.clone();
    let (seq, state) = (marks.clone(), marks.clone());
    let is_first = move || marks.read().position == GroupPosition::First;
    let (id, by, body) = (row.id, row.by.clone(), row.body.clone());
    let name = by.name.clone();
    let head = {
        let (row, is_first) = (Arc::clone(&row), is_first.clone());
        move || {
            let (by, row) = (by.clone(), Arc::clone(&row));
            if is_first() {
                Either::Left(view! { <Head by row /> })
            } else {
                Either::Right(view! { <Time row class="message-time message-time-aside" /> })
            }
        }
    };
    let refusal = {
        let marks = row.marks.clone();
        move || refusal(&marks.read()).map(|reason| view! { <RefusedMessage id reason /> })
    };
    view! {
        <article
            class="message"
            aria-label=name
            data-own=row.is_own
            data-first=is_first
            data-seq=move || seq_code(&seq.read())
            data-state=move || state_code(&state.read())
        >
            {head}
            <Body text=body />
            {refusal}
        </article>
    }
}

/// The author and the time, above the first message of a group.
#[component]
fn Head(by: Member, row: Arc<MessageRow>) -> impl IntoView {
    let name = by.name.clone();
    view! {
        <Avatar member=by />
        <header class="message-head">
            <b class="message-author">{name}</b>
            <Time row class="message-time" />
        </header>
    }
}

/// The time: in the reader's zone once the page is live.
#[component]
fn Time(row: Arc<MessageRow>, class: &'static str) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let marks = row.marks.clone();
    let datetime = move || iso(marks.read().at);
    let words = move || {
        let zone = if screen.today.get().is_some() { Zone::Local } else { Zone::Utc };
        zone.time(row.marks.read().at)
    };
    view! { <time class=class datetime=datetime>{words}</time> }
}

/// Why a message was refused, and what to do with it.
#[component]
fn RefusedMessage(id: MessageId, reason: String) -> impl IntoView {
    let commands = expect_context::<Commands>();
    view! {
        <p class="message-refusal" role="alert">
            <span class="message-reason">{reason}</span>
            <button class="button-quiet" type="button" on:click=move |_| commands.give(Command::Retry(id))>
                "Try again"
            </button>
            <button class="button-quiet" type="button" on:click=move |_| commands.give(Command::Discard(id))>
                "Discard"
            </button>
        </p>
    }
}

fn seq_code(marks: &Marks) -> Option<String> {
    match marks.state {
        MessageState::Sent(seq) => Some(seq.to_string()),
        MessageState::Pending | MessageState::Refused(_) => None,
    }
}

fn state_code(marks: &Marks) -> &'static str {
    match marks.state {
        MessageState::Pending => "pending",
        MessageState::Sent(_) => "sent",
        MessageState::Refused(_) => "refused",
    }
}

fn refusal(marks: &Marks) -> Option<String> {
    match &marks.state {
        MessageState::Refused(refusal) => Some(refusal.to_string()),
        MessageState::Pending | MessageState::Sent(_) => None,
    }
}
