//! One message: who, when, what, and how it stands. Called by `message_list`.

use std::sync::Arc;

use hubbub_client::MessageState;
use hubbub_protocol::{Member, MessageId, UnixMillis};
use leptos::either::Either;
use leptos::prelude::*;

use super::arrange::Place;
use super::body::Body;
use super::rows::{Author, Marks, MessageRow};
use super::screen::Screen;
use crate::live;
use crate::ui::{Avatar, Clock};

/// The message.
#[component]
pub(super) fn Message(row: Arc<MessageRow>) -> impl IntoView {
    let marks = RwSignal::from(row.marks.clone());
    let seq = Signal::derive(move || marks.with(seq));
    let state = Signal::derive(move || marks.with(state));
    let at = Signal::derive(move || marks.with(|marks| marks.at));
    let is_first = Memo::new(move |_| marks.with(|marks| marks.place == Place::First));
    let first = Signal::derive(move || is_first.get().then_some(""));
    let id = row.id;
    let refusal = move || marks.with(refusal).map(|reason| view! { <Refused id reason /> });
    let (name, by) = (row.by.name.clone(), row.by.clone());
    let head = move || {
        if is_first.get() {
            Either::Left(view! { <Head by=by.clone() at /> })
        } else {
            Either::Right(view! { <TimeAside at /> })
        }
    };
    view! {
        <article
            class="message"
            aria-label=name
            data-own=(row.author == Author::You).then_some("")
            data-first=first
            data-seq=seq
            data-state=state
        >
            {head}
            <Body text=row.body.clone() />
            {refusal}
        </article>
    }
}

/// Who wrote it and when, above the first message of a group.
#[component]
fn Head(by: Member, at: Signal<UnixMillis>) -> impl IntoView {
    let zone = expect_context::<Screen>().zone;
    let name = by.name.clone();
    view! {
        <Avatar member=by />
        <header class="message-head">
            <b class="message-author">{name}</b>
            <Clock at zone class="message-time" />
        </header>
    }
}

/// When, beside the ones that follow.
#[component]
fn TimeAside(at: Signal<UnixMillis>) -> impl IntoView {
    let zone = expect_context::<Screen>().zone;
    view! { <Clock at zone class="message-time message-time-aside" /> }
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

fn seq(marks: &Marks) -> Option<String> {
    match marks.state {
        MessageState::Sent(seq) => Some(seq.to_string()),
        MessageState::Pending | MessageState::Refused(_) => None,
    }
}

fn state(marks: &Marks) -> String {
    let state = match marks.state {
        MessageState::Pending => "pending",
        MessageState::Sent(_) => "sent",
        MessageState::Refused(_) => "refused",
    };
    state.to_owned()
}

fn refusal(marks: &Marks) -> Option<String> {
    match &marks.state {
        MessageState::Refused(refusal) => Some(refusal.to_string()),
        MessageState::Pending | MessageState::Sent(_) => None,
    }
}
