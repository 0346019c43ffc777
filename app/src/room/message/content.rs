//! The content of a message: its text, a line such as "Ada named the room Tea", or the note that it was deleted.

use std::sync::Arc;

use hubbub_protocol::{MessageKind, UnixMillis};
use leptos::either::{Either, EitherOf3};
use leptos::prelude::*;

use crate::room::body::Body;
use crate::room::fold::Fold;
use crate::state::Screen;
use crate::state::acting::DialogKind;
use crate::state::rows::MessageRow;
use crate::ui::time::Zone;

/// The content, as far as it is shown.
#[derive(Clone, PartialEq)]
enum Said {
    Text(String),
    Line(String),
    Deleted,
}

/// The content.
#[component]
pub(super) fn Content(row: Arc<MessageRow>) -> impl IntoView {
    let said = ArcMemo::new({
        let row = Arc::clone(&row);
        move |_| said(&row)
    });
    let edited_at = ArcMemo::new({
        let shown = row.shown.clone();
        move |_| shown.read().edited_at.filter(|_| !shown.read().is_deleted())
    });
    view! {
        {move || match said.get() {
            Said::Text(text) => EitherOf3::A(view! {
                <Body text=text.clone() />
                <Fold text />
            }),
            Said::Line(line) => EitherOf3::B(view! { <p class="message-line">{line}</p> }),
            Said::Deleted => EitherOf3::C(view! { <p class="message-deleted">"This message was deleted."</p> }),
        }}
        {move || edited_at.get().map(|at| view! { <Edited row=Arc::clone(&row) at /> })}
    }
}

/// The word "edited" with the time. To the author it is a button that opens the earlier texts.
#[component]
fn Edited(row: Arc<MessageRow>, at: UnixMillis) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let zone = move || if screen.today.get().is_some() { Zone::Local } else { Zone::Utc };
    let title = move || format!("Edited at {}", zone().time(at));
    if row.is_own {
        let open = move |_| screen.acting.open(DialogKind::History, &row);
        Either::Left(view! {
            <button class="button-quiet message-edited" type="button" title=title on:click=open>"edited"</button>
        })
    } else {
        Either::Right(view! { <span class="message-edited" title=title>"edited"</span> })
    }
}

fn said(row: &MessageRow) -> Said {
    let shown = row.shown.read();
    if shown.is_deleted() {
        return Said::Deleted;
    }
    match &shown.kind {
        MessageKind::Text | MessageKind::Unknown => Said::Text(shown.body.clone()),
        MessageKind::Described { name, topic } if topic.is_empty() => {
            Said::Line(format!("{} named the room {name}.", row.by.name))
        }
        MessageKind::Described { name, topic } => Said::Line(format!("{} named the room {name}: {topic}", row.by.name)),
    }
}
