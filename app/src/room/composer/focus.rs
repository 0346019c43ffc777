//! When the composer takes the focus: on arrival, and when a letter is typed that nothing else takes. Called by `composer`.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::{Element, HtmlTextAreaElement};

use crate::browser::matches_media;

/// Takes the focus where there is a keyboard. On a touch screen, the focus opens the keyboard over the messages.
pub(super) fn offer(input: &HtmlTextAreaElement) {
    if matches_media("(pointer: fine)") && !holds_text(document().active_element()) {
        // A text area on the page takes the focus, unless a dialog is open.
        let _ = input.focus();
    }
}

/// Takes the focus when a letter is typed that nothing else on the page takes. The browser then gives it the letter.
pub(super) fn take_key(input: NodeRef<html::Textarea>, event: &KeyboardEvent) {
    let key = event.key();
    let is_letter = key.chars().count() == 1 && key != " ";
    let is_shortcut = (event.ctrl_key() || event.alt_key()) && !event.get_modifier_state("AltGraph");
    let is_free = !event.default_prevented() && !event.meta_key() && !holds_text(document().active_element());
    if is_letter
        && !is_shortcut
        && is_free
        && let Some(input) = input.get_untracked()
    {
        // A text area on the page takes the focus, unless a dialog is open.
        let _ = input.focus();
    }
}

/// Whether an element takes what is typed.
fn holds_text(element: Option<Element>) -> bool {
    const TAKES_TEXT: &str = "input, textarea, select, [contenteditable], dialog *";
    element.is_some_and(|element| element.matches(TAKES_TEXT).unwrap_or(false))
}
