//! The emoji to react with: the recently used ones, a search, and all of them by category. The list is loaded from the
//! server when the picker first opens.

use std::sync::Arc;

use hubbub_protocol::MessageId;
use leptos::either::{Either, EitherOf4};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::browser::lower_case;
use crate::state::emoji::{Emoji, EmojiList, ListState};
use crate::state::rows::MessageRow;
use crate::state::{Command, Commands, Screen};

/// The most results of a search that are shown.
const MAX_RESULTS: usize = 64;

/// The picker.
#[component]
pub(super) fn EmojiPicker(message: Arc<MessageRow>) -> impl IntoView {
    let list = expect_context::<EmojiList>();
    list.load();
    let search = RwSignal::new(String::new());
    let id = message.id;
    let found = move || match list.state() {
        ListState::Loading => EitherOf4::A(view! { <p class="dialog-note">"Loading…"</p> }),
        ListState::Failed => EitherOf4::B(view! {
            <p class="dialog-note" role="alert">"The emoji could not be loaded."</p>
            <button class="button" type="button" on:click=move |_| list.load()>"Try again"</button>
        }),
        ListState::Loaded => match lower_case(search.read().trim()) {
            words if words.is_empty() => EitherOf4::C(view! { <Categories list message=id /> }),
            words => EitherOf4::D(view! { <Results list words message=id /> }),
        },
    };
    view! {
        <h2 class="visually-hidden">"Emoji"</h2>
        <form class="emoji-search" role="search" on:submit=|event: SubmitEvent| event.prevent_default()>
            <input
                class="field-input"
                type="search"
                aria-label="Search emoji"
                placeholder="Search emoji"
                autofocus
                autocomplete="off"
                on:input=move |event| search.set(event_target_value(&event))
            />
        </form>
        <div class="emoji-list" tabindex="-1">{found}</div>
    }
}

#[component]
fn Categories(list: EmojiList, message: MessageId) -> impl IntoView {
    let recent = list.recent();
    let categories = list.categories().into_iter().map(|(name, emoji)| view! { <Category name emoji message /> });
    view! {
        {(!recent.is_empty()).then(|| view! { <Category name="Recently used".to_owned() emoji=recent message /> })}
        {categories.collect_view()}
    }
}

#[component]
fn Results(list: EmojiList, words: String, message: MessageId) -> impl IntoView {
    let found: Vec<Emoji> = list.search(&words).take(MAX_RESULTS).collect();
    if found.is_empty() {
        return Either::Left(view! { <p class="dialog-note">"No emoji is called that."</p> });
    }
    Either::Right(view! { <Category name="Results".to_owned() emoji=found message /> })
}

#[component]
fn Category(name: String, emoji: Vec<Emoji>, message: MessageId) -> impl IntoView {
    let label = name.clone();
    let buttons = emoji.into_iter().map(|emoji| view! { <Choice emoji message /> }).collect_view();
    view! {
        <h3 class="emoji-category">{name}</h3>
        <div class="emoji-grid" role="group" aria-label=label>{buttons}</div>
    }
}

#[component]
fn Choice(emoji: Emoji, message: MessageId) -> impl IntoView {
    let list = expect_context::<EmojiList>();
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let (label, title, glyph) = (emoji.name.clone(), emoji.name.clone(), emoji.emoji.clone());
    let choose = move |_| {
        list.used(&emoji.emoji);
        commands.give(Command::React { message, emoji: emoji.emoji.clone(), on: true });
        screen.acting.dialog.set(None);
    };
    view! {
        <button class="emoji-choice" type="button" aria-label=label title=title on:click=choose>
            {glyph}
        </button>
    }
}
