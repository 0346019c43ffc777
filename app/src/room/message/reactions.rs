//! The reactions of a message: a button for each emoji, which adds the reader's reaction or takes it back.

use std::sync::Arc;

use hubbub_protocol::MessageId;
use leptos::prelude::*;

use crate::state::rows::{MessageRow, ShownReaction};
use crate::state::{Command, Commands, Screen};

/// The reactions. Nothing without any.
#[component]
pub(super) fn Reactions(row: Arc<MessageRow>) -> impl IntoView {
    let message = row.id;
    let reactions = ArcMemo::new(move |_| {
        let shown = row.shown.read();
        if shown.is_deleted() { Vec::new() } else { shown.reactions.clone() }
    });
    move || {
        let reactions = reactions.get();
        (!reactions.is_empty()).then(|| {
            let chips: Vec<_> = reactions.into_iter().map(|reaction| view! { <Chip message reaction /> }).collect();
            view! { <div class="reactions" role="group" aria-label="Reactions">{chips}</div> }
        })
    }
}

#[component]
fn Chip(message: MessageId, reaction: ShownReaction) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let ShownReaction { emoji, name, count, is_own } = reaction;
    let label = format!("{name}, {count}");
    let react = {
        let emoji = emoji.clone();
        move |_| commands.give(Command::React { message, emoji: emoji.clone(), on: !is_own })
    };
    // The names are asked for when the tooltip opens.
    let is_open = RwSignal::new(false);
    let open = move || {
        is_open.set(true);
        commands.give(Command::AskReactors(message));
    };
    let tip = {
        let emoji = emoji.clone();
        move || is_open.get().then(|| names(screen, message, &emoji)).flatten()
    };
    view! {
        <span class="reaction-place">
            <button
                class="reaction"
                type="button"
                aria-label=label
                aria-pressed=is_own.to_string()
                on:click=react
                on:mouseenter=move |_| open()
                on:mouseleave=move |_| is_open.set(false)
                on:focus=move |_| open()
                on:blur=move |_| is_open.set(false)
            >
                <span class="reaction-emoji" aria-hidden="true">{emoji}</span>
                <span class="reaction-count">{count}</span>
            </button>
            {move || tip().map(|names| view! { <span class="reaction-names" role="tooltip">{names}</span> })}
        </span>
    }
}

/// Returns the names of those who reacted with an emoji, once the server has sent them.
fn names(screen: Screen, message: MessageId, emoji: &str) -> Option<String> {
    let reactors = screen.reactors.read();
    let answered = reactors.as_ref().filter(|answered| answered.message == message)?;
    let reactors = answered.answer.as_ref().ok()?.iter().find(|reactors| reactors.emoji == emoji)?;
    let names: Vec<&str> = reactors.by.iter().map(|member| member.name.as_str()).collect();
    Some(names.join(", "))
}
