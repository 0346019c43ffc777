//! The side panel with a message and its answers, and a composer of its own. Called by `later`.

use hubbub_protocol::text::{self, TextError};
use hubbub_protocol::{MessageId, Refusal};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;

use super::message::{Message, MessagePlace};
use super::text_area::{self, Pressed};
use crate::state::{Command, Commands, Screen};
use crate::ui::{Glyph, Icon};

/// The panel, while a thread is open.
#[component]
pub(super) fn Thread() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let parent = Memo::new(move |_| screen.thread.read().as_ref().map(|thread| thread.parent_id));
    move || parent.get().map(|parent| view! { <Panel parent /> })
}

#[component]
fn Panel(parent: MessageId) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let close = move || {
        commands.give(Command::CloseThread);
        text_area::focus_composer();
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            close();
        }
    };
    let first = move || screen.thread.read().as_ref().and_then(|thread| thread.parent.clone());
    let replies = move || screen.thread.read().as_ref().map(|thread| thread.replies.clone()).unwrap_or_default();
    let has_more = move || screen.thread.read().as_ref().is_some_and(|thread| thread.has_more && !thread.is_loading);
    view! {
        <aside class="thread" aria-label="Replies" on:keydown=press>
            <header class="thread-head">
                <h2 class="thread-title">"Replies"</h2>
                <button class="icon-button" type="button" aria-label="Close replies" on:click=move |_| close()>
                    <Icon glyph=Glyph::Close />
                </button>
            </header>
            <div class="thread-messages" tabindex="0" role="log" aria-label="Message and its replies">
                <For each=move || first().into_iter() key=|row| row.id let:row>
                    <Message row place=MessagePlace::Beside />
                </For>
                <hr class="thread-line" />
                <For each=replies key=|row| row.id let:row>
                    <Message row place=MessagePlace::Beside />
                </For>
                <button
                    class="button-quiet"
                    type="button"
                    hidden=move || !has_more()
                    on:click=move |_| commands.give(Command::LoadReplies)
                >
                    "Show more replies"
                </button>
            </div>
            <ReplyForm parent />
        </aside>
    }
}

#[component]
fn ReplyForm(parent: MessageId) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let input = NodeRef::<html::Textarea>::new();
    let error = RwSignal::new(String::new());
    let send = move || {
        let Some(input) = input.get_untracked() else { return };
        match text::Body::parse(&input.value()) {
            Ok(body) => {
                commands.give(Command::Send { body, reply_to: Some(parent) });
                input.set_value("");
                text_area::fit_height(&input);
                error.set(String::new());
            }
            Err(TextError::Empty) => {}
            Err(why) => error.set(Refusal::from(why).to_string()),
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let press = move |event: KeyboardEvent| {
        if text_area::pressed(&event) == Pressed::Send {
            event.prevent_default();
            send();
        }
    };
    Effect::new(move || {
        if let Some(input) = input.get() {
            // The text area is on the page and takes the focus.
            let _ = input.focus();
        }
    });
    view! {
        <form class="thread-form" on:submit=submit>
            <textarea
                class="composer-input"
                aria-label="Reply"
                placeholder="Reply"
                rows="1"
                autocomplete="off"
                dir="auto"
                node_ref=input
                on:keydown=press
                on:input=move |_| input.get_untracked().iter().for_each(text_area::fit_height)
            ></textarea>
            <button class="button button-primary composer-send">"Send reply"</button>
            <p class="composer-error" role="alert">{move || error.get()}</p>
        </form>
    }
}
