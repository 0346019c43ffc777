//! Why the server refuses a message or an operation on it, and what the person can do about it.

use std::sync::Arc;
use std::time::Duration;

use hubbub_client::MessageState;
use hubbub_protocol::{OpId, Operation, Refusal, UnixMillis};
use leptos::prelude::*;

use crate::browser::clock;
use crate::state::rows::{MessageRow, ShownMessage};
use crate::state::{Command, Commands};

/// The problem, if there is one.
#[component]
pub(in crate::room) fn Problem(row: Arc<MessageRow>) -> impl IntoView {
    let id = row.id;
    let problem = ArcMemo::new({
        let shown = row.shown.clone();
        move |_| problem(id.into(), &shown.read())
    });
    let retry_at = ArcMemo::new(move |_| match row.shown.read().state {
        MessageState::Pending { retry_at } => retry_at,
        MessageState::Sent(_) | MessageState::Refused(_) => None,
    });
    view! {
        {move || problem.get().map(|(op, reason)| view! { <Refused op reason /> })}
        {move || retry_at.get().map(|at| view! { <Waiting at /> })}
    }
}

/// When a message is sent again that the server has refused for now.
#[component]
fn Waiting(at: UnixMillis) -> impl IntoView {
    let seconds = move || at.0.saturating_sub(clock::now().0).div_ceil(1_000).max(1);
    let left = RwSignal::new(seconds());
    if let Ok(ticks) = set_interval_with_handle(move || left.set(seconds()), Duration::from_secs(1)) {
        on_cleanup(move || ticks.clear());
    }
    view! { <p class="message-waiting">{move || format!("Sending again in {} s", left.get())}</p> }
}

#[component]
fn Refused(op: OpId, reason: String) -> impl IntoView {
    let commands = expect_context::<Commands>();
    view! {
        <p class="message-refusal" role="alert">
            <span class="message-reason">{reason}</span>
            <button class="button-quiet" type="button" on:click=move |_| commands.give(Command::Retry(op))>
                "Try again"
            </button>
            <button class="button-quiet" type="button" on:click=move |_| commands.give(Command::Discard(op))>
                "Discard"
            </button>
        </p>
    }
}

/// Returns the operation that was refused, and what to say about it.
fn problem(post: OpId, shown: &ShownMessage) -> Option<(OpId, String)> {
    if let MessageState::Refused(refusal) = &shown.state {
        return Some((post, refusal.to_string()));
    }
    let problem = shown.problem.as_ref()?;
    Some((problem.op, words(&problem.what, &problem.refusal)))
}

fn words(what: &Operation, refusal: &Refusal) -> String {
    let not_done = match what {
        Operation::Edit { .. } => "The edit was not saved.",
        Operation::Delete { .. } => "It was not deleted.",
        Operation::React { .. } => "The reaction was not saved.",
        Operation::Pin { on: true, .. } => "It was not pinned.",
        Operation::Pin { on: false, .. } => "It was not unpinned.",
        Operation::Post { .. } | Operation::Describe { .. } | Operation::Unknown => "",
    };
    format!("{not_done} {refusal}").trim_start().to_owned()
}
