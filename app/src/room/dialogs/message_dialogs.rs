//! The dialog about a message that is open. Called by `layout`; the contents are in files of their own.

use leptos::either::EitherOf3;
use leptos::html;
use leptos::prelude::*;

use super::delete::Delete;
use super::emoji::EmojiPicker;
use super::history::History;
use crate::state::Screen;
use crate::state::acting::{DialogKind, MessageDialog};

/// The dialog that is open. The browser gives the focus back when it closes.
#[component]
pub(in crate::room) fn MessageDialogs() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let open = screen.acting.dialog;
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(element) = element.get() else { return };
        if open.read().is_some() && !element.open() {
            // A closed dialog on the page opens.
            let _ = element.show_modal();
        } else if open.read().is_none() && element.open() {
            element.close();
        }
    });
    let name = move || match open.read().as_ref().map(|dialog| dialog.kind) {
        Some(DialogKind::Delete) => "Delete message?",
        Some(DialogKind::History) => "History",
        Some(DialogKind::Emoji) | None => "Emoji",
    };
    view! {
        <dialog class="dialog message-dialog" aria-label=name node_ref=element on:close=move |_| open.set(None)>
            {move || open.get().map(|MessageDialog { kind, message }| match kind {
                DialogKind::Delete => EitherOf3::A(view! { <Delete message /> }),
                DialogKind::History => EitherOf3::B(view! { <History message /> }),
                DialogKind::Emoji => EitherOf3::C(view! { <EmojiPicker message /> }),
            })}
        </dialog>
    }
}
