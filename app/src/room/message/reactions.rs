//! The reactions of a message: a button for each emoji, which adds the reader's reaction or takes it back.

use std::sync::Arc;

use hubbub_protocol::MessageId;
use leptos::prelude::*;

use crate::state::rows::{MessageRow, ShownReaction};
use crate::state::{Command, Commands, Screen};

/// The reactions. Nothing without any. A chip stays the same element while its emoji is there, so that the focus and the
/// tooltip stay when the count changes.
#[component]
pub(super) fn Reactions(row: Arc<MessageRow>) -> impl IntoView {
    let shown = row.shown.clone();
    let all_emoji = ArcMemo::new(move |_| {
        let shown = shown.read();
        let reactions = if shown.is_deleted() { &[] } else { shown.reactions.as_slice() };
        reactions.iter().map(|reaction| reaction.emoji.clone()).collect::<Vec<_>>()
    });
    move || {
        let all_emoji = all_emoji.get();
        (!all_emoji.is_empty()).then(|| {
            let chips = all_emoji.into_iter().map(|emoji| view! { <Chip row=Arc::clone(&row) emoji /> });
            view! { <div class="reactions" role="group" aria-label="Reactions">{chips.collect::<Vec<_>>()}</div> }
        })
    }
}

#[component]
fn Chip(row: Arc<MessageRow>, emoji: String) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let message = row.id;
    let reaction = Memo::new({
        let emoji = emoji.clone();
        move |_| row.shown.read().reactions.iter().find(|reaction| reaction.emoji == emoji).cloned()
    });
    let is_own = move || reaction.read().as_ref().is_some_and(|reaction| reaction.is_own);
    let count = move || reaction.read().as_ref().map_or(0, |reaction| reaction.count);
    let label = move || reaction.read().as_ref().map(|reaction| format!("{}, {}", reaction.name, reaction.count));
    let react = {
        let emoji = emoji.clone();
        move |_| commands.give(Command::React { message, emoji: emoji.clone(), on: !untrack(is_own) })
    };
    // The names are asked for when the tooltip opens, and again when the reaction changes while it is open.
    let is_open = RwSignal::new(false);
    Effect::new(move || {
        reaction.track();
        if is_open.get() {
            commands.give(Command::AskReactors(message));
        }
    });
    let tip = move || reaction.get().filter(|_| is_open.get()).and_then(|reaction| names(screen, message, &reaction));
    view! {
        <span class="reaction-place">
            <button
                class="reaction"
                type="button"
                aria-label=label
                aria-pressed=move || is_own().to_string()
                on:click=react
                on:mouseenter=move |_| is_open.set(true)
                on:mouseleave=move |_| is_open.set(false)
                on:focus=move |_| is_open.set(true)
                on:blur=move |_| is_open.set(false)
            >
                <span class="reaction-emoji" aria-hidden="true">{emoji}</span>
                <span class="reaction-count">{count}</span>
            </button>
            {move || tip().map(|names| view! { <span class="reaction-names" role="tooltip">{names}</span> })}
        </span>
    }
}

/// Returns the names of those who reacted with an emoji, once the server has sent them. The reader's own name is last, and
/// follows the reader's press at once.
fn names(screen: Screen, message: MessageId, reaction: &ShownReaction) -> Option<String> {
    let answered = screen.reactors.read();
    let answered = answered.as_ref().filter(|answered| answered.message == message)?;
    let reactors = answered.answer.as_ref().ok()?.iter().find(|reactors| reactors.emoji == reaction.emoji)?;
    let you = screen.you.get_value();
    let mut names: Vec<&str> =
        reactors.by.iter().filter(|member| member.id != you.id).map(|member| member.name.as_str()).collect();
    if reaction.is_own {
        names.push(&you.name);
    }
    Some(names.join(", "))
}
