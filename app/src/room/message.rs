//! One message: author, time, text, reactions and state. Called by `timeline` and by the lists of messages beside it.

mod actions;
mod content;
mod edit;
mod head;
mod problem;
mod quote;
mod reactions;
mod replies;
mod state_code;

use std::sync::Arc;

use hubbub_client::MessageState;
use hubbub_protocol::MessageId;
use leptos::either::Either;
use leptos::ev::{FocusEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Node, PointerEvent};

pub(super) use self::actions::Actions;
use self::content::Content;
pub(super) use self::edit::Edit;
use self::head::Head;
pub(super) use self::problem::Problem;
use self::quote::Quote;
use self::reactions::Reactions;
use self::replies::Replies;
use self::state_code::{seq_code, state_code};
use crate::state::Screen;
use crate::state::acting::Acting;
use crate::state::later::Later;
use crate::state::rows::{GroupPosition, MessageRow, ShownMessage};
use crate::state::scroll::message_element_id;

/// Where a message is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MessagePlace {
    /// In the timeline, where permalinks lead.
    Timeline,
    /// In a list beside the timeline.
    Beside,
}

/// The message.
#[component]
pub(super) fn Message(row: Arc<MessageRow>, place: MessagePlace) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let later = expect_context::<Later>();
    let (id, is_own, name) = (row.id, row.is_own, row.by.name.clone());
    let shown = row.shown.clone();
    let shows_author = ArcMemo::new({
        let shown = shown.clone();
        move |_| shown.read().position != GroupPosition::Following
    });
    let (first, seq, state, edited, pinned) =
        (shows_author.clone(), shown.clone(), shown.clone(), shown.clone(), shown.clone());
    let element_id = (place == MessagePlace::Timeline).then(|| message_element_id(id));
    let is_editing = Memo::new(move |_| screen.acting.editing.get() == Some(id));
    let (is_hovered, has_focus) = (RwSignal::new(false), RwSignal::new(false));
    let has_actions =
        Memo::new(move |_| (is_hovered.get() || has_focus.get()) && !is_editing.get() && takes_actions(&shown.read()));
    let has_problem = ArcMemo::new({
        let shown = row.shown.clone();
        move |_| shown.read().has_problem()
    });
    let menu = move |event: MouseEvent| open_by_key_or_touch(&event, has_focus, screen.acting, id);
    let (content, actions) = (Arc::clone(&row), Arc::clone(&row));
    view! {
        <article
            class="message"
            id=element_id
            tabindex="-1"
            aria-label=name
            data-own=is_own
            data-first=move || first.get()
            data-seq=move || seq_code(&seq.read())
            data-state=move || state_code(&state.read())
            data-edited=move || edited.read().edited_at.is_some()
            data-pinned=move || pinned.read().pinned
            data-target=move || screen.target.get() == Some(id)
            on:mouseenter=move |_| is_hovered.set(true)
            on:mouseleave=move |_| is_hovered.set(false)
            on:focusin=move |_| has_focus.set(true)
            on:focusout=move |event| if leaves(&event) { has_focus.set(false) }
            on:contextmenu=menu
        >
            <Head row=Arc::clone(&row) shows_author />
            <Quote row=Arc::clone(&row) />
            {move || {
                let form = is_editing.get().then(|| later.draw(|parts| parts.edit, &content)).flatten();
                match form {
                    Some(form) => Either::Left(form),
                    None => Either::Right(view! { <Content row=Arc::clone(&content) /> }),
                }
            }}
            <span class="visually-hidden message-sending">"Sending…"</span>
            <Reactions row=Arc::clone(&row) />
            <Replies row=Arc::clone(&row) />
            {move || has_problem.get().then(|| later.draw(|parts| parts.problem, &row))}
            {move || has_actions.get().then(|| later.draw(|parts| parts.actions, &actions))}
        </article>
    }
}

/// Whether people can act on a message: it is a text, it is not deleted, and the server doesn't refuse it.
fn takes_actions(shown: &ShownMessage) -> bool {
    shown.kind.is_text() && !shown.is_deleted() && !matches!(shown.state, MessageState::Refused(_))
}

/// Shows the actions for the context-menu key and for a long press, and gives them the focus. With a mouse, the browser's own
/// menu opens.
fn open_by_key_or_touch(event: &MouseEvent, has_focus: RwSignal<bool>, acting: Acting, message: MessageId) {
    // Chromium names the mouse for the key too, with no button.
    let is_mouse = event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() == "mouse");
    if !is_mouse || event.button() < 0 {
        event.prevent_default();
        has_focus.set(true);
        acting.toolbar_of.set(Some(message));
    }
}

/// Whether the focus goes to an element outside of the message.
fn leaves(event: &FocusEvent) -> bool {
    let message = event.current_target().and_then(|target| target.dyn_into::<Node>().ok());
    let next = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
    !message.is_some_and(|message| message.contains(next.as_ref()))
}
