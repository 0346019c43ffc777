//! One message: who, when, what, and how it stands. Called by `row_list`.

use std::sync::Arc;

use hubbub_client::MessageState;
use hubbub_protocol::{Member, MessageId};
use leptos::either::Either;
use leptos::prelude::*;

use super::arrange::Place;
use super::body::Body;
use super::rows::{Author, Marks, MessageRow};
use super::screen::Screen;
use crate::live;
use crate::ui::Avatar;
use crate::ui::time::{Zone, iso};

/// The message.
#[component]
pub(super) fn Message(row: Arc<MessageRow>) -> impl IntoView {
    let id = row.id;
    let attribute = |read: fn(&Marks) -> Option<String>| {
        let row = Arc::clone(&row);
        Signal::derive(move || row.marks.with(read))
    };
    let (seq, state, first) = (attribute(seq), attribute(state), attribute(first));
    let reason = attribute(refusal);
    let (name, body, author) = (row.by.name.clone(), row.body.clone(), row.author);
    let head = move || {
        let row = Arc::clone(&row);
        if first.get().is_some() {
            Either::Left(view! { <Head by=row.by.clone() row /> })
        } else {
            Either::Right(view! { <Time row class="message-time message-time-aside" /> })
        }
    };
    let refusal = move || reason.get().map(|reason| view! { <Refused id reason /> });
    view! {
        <article
            class="message"
            aria-label=name
            data-own=(author == Author::You).then_some("")
            data-first=first
            data-seq=seq
            data-state=state
        >
            {head}
            <Body text=body />
            {refusal}
        </article>
    }
}

/// Who wrote it and when, above the first message of a group.
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

/// When, for people in their own time once the page is live, and for programs.
#[component]
fn Time(row: Arc<MessageRow>, class: &'static str) -> impl IntoView {
    let is_local = expect_context::<Screen>().is_local;
    let told = Arc::clone(&row);
    let datetime = Signal::derive(move || iso(row.marks.with(|marks| marks.at)));
    let words = Signal::derive(move || {
        let zone = if is_local.get() { Zone::Local } else { Zone::Utc };
        zone.time(told.marks.with(|marks| marks.at))
    });
    view! { <time class=class datetime=datetime>{words}</time> }
}

#[component]
fn Refused(id: MessageId, reason: String) -> impl IntoView {
    view! {
        <p class="message-refusal" role="alert">
            <span class="message-reason">{reason}</span>
            <button class="button-quiet" type="button" on:click=move |_| live::retry(id)>"Try again"</button>
            <button class="button-quiet" type="button" on:click=move |_| live::discard(id)>"Discard"</button>
        </p>
    }
}

fn first(marks: &Marks) -> Option<String> {
    (marks.place == Place::First).then(String::new)
}

fn seq(marks: &Marks) -> Option<String> {
    match marks.state {
        MessageState::Sent(seq) => Some(seq.to_string()),
        MessageState::Pending | MessageState::Refused(_) => None,
    }
}

fn state(marks: &Marks) -> Option<String> {
    let state = match marks.state {
        MessageState::Pending => "pending",
        MessageState::Sent(_) => "sent",
        MessageState::Refused(_) => "refused",
    };
    Some(state.to_owned())
}

fn refusal(marks: &Marks) -> Option<String> {
    match &marks.state {
        MessageState::Refused(refusal) => Some(refusal.to_string()),
        MessageState::Pending | MessageState::Sent(_) => None,
    }
}
