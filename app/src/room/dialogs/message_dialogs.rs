//! The dialog about a message that is open. Called by `later`; the contents are in files of their own.

use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::delete::Delete;
use super::emoji::EmojiPicker;
use super::history::History;
use crate::state::Screen;
use crate::state::acting::{DialogKind, MessageDialog};
use crate::ui::show_while;

/// The dialog that is open.
#[component]
pub(in crate::room) fn MessageDialogs() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let open = screen.acting.dialog;
    let element = show_while(move || open.read().is_some(), || {});
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
