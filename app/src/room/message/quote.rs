//! The message that another one answers, as one line above the answer. It leads to that message.

use std::sync::Arc;

use leptos::prelude::*;

use crate::room::wording::one_line;
use crate::state::rows::{MessageRow, QuotedText, ShownQuote};
use crate::state::{Command, Commands, Screen};

/// The quote, if the message answers another one.
#[component]
pub(super) fn Quote(row: Arc<MessageRow>) -> impl IntoView {
    let quote = ArcMemo::new(move |_| row.shown.read().quote.clone());
    move || quote.get().map(|quote| view! { <Link quote /> })
}

#[component]
fn Link(quote: ShownQuote) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let id = quote.id;
    let address = move || format!("/rooms/{}?at={id}", screen.room.read().slug);
    let words = words(&quote);
    let jump = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        commands.give(Command::JumpTo(id));
    };
    view! {
        <a class="message-quote" href=address target="_top" on:click=jump>
            <span class="visually-hidden">"In reply to "</span>
            {words}
        </a>
    }
}

fn words(quote: &ShownQuote) -> String {
    match &quote.content {
        Some((by, QuotedText::Text(text))) => {
            format!("{}: {}", by.name, one_line(text))
        }
        Some((by, QuotedText::Deleted)) => format!("{}: deleted message", by.name),
        None => "a message".to_owned(),
    }
}
