//! Keys that mark the selected text of a text area, and addresses that are pasted over a selection. Called by the forms in
//! which messages are written; it knows no message.

mod marking;

use std::ops::Range;

use leptos::ev::{ClipboardEvent, KeyboardEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

use self::marking::{Marker, Replacement, linked, toggled};

/// Handles a key that marks the selection: with Ctrl, or ⌘ on Apple's keyboards, B, I, E and Shift+X. Returns whether the
/// key is one of them.
pub(super) fn press(input: &HtmlTextAreaElement, event: &KeyboardEvent) -> bool {
    let Some(marker) = marker(event) else { return false };
    event.prevent_default();
    if let Some(selection) = selection(input) {
        replace(input, &toggled(&input.value(), selection, marker));
    }
    true
}

/// Handles a paste: an address that is pasted over text makes the text a link. Everything else is pasted by the browser,
/// as plain text.
pub(super) fn paste(input: &HtmlTextAreaElement, event: &ClipboardEvent) {
    let pasted = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
    let (Some(pasted), Some(selection)) = (pasted, selection(input)) else { return };
    if let Some(link) = linked(&input.value(), selection, &pasted) {
        event.prevent_default();
        replace(input, &link);
    }
}

fn marker(event: &KeyboardEvent) -> Option<Marker> {
    // On Apple's keyboards, Ctrl with a letter moves the cursor.
    let is_apple = window().navigator().platform().is_ok_and(|name| name.starts_with("Mac") || name.starts_with("iP"));
    let (command, other) = (event.meta_key(), event.ctrl_key());
    let (command, other) = if is_apple { (command, other) } else { (other, command) };
    if !command || other || event.alt_key() || event.is_composing() {
        return None;
    }
    // Where keys have letters of another script, the place of the key counts.
    let key = event.key();
    let key = if key.is_ascii() { key.to_ascii_uppercase() } else { event.code() };
    match (key.strip_prefix("Key").unwrap_or(&key), event.shift_key()) {
        ("B", false) => Some(Marker::Strong),
        ("I", false) => Some(Marker::Emphasis),
        ("E", false) => Some(Marker::Code),
        ("X", true) => Some(Marker::Strikethrough),
        _ => None,
    }
}

fn selection(input: &HtmlTextAreaElement) -> Option<Range<usize>> {
    let position = |position: Option<u32>| usize::try_from(position?).ok();
    Some(position(input.selection_start().ok()?)?..position(input.selection_end().ok()?)?)
}

/// Replaces text as if it were typed: the form gets an `input` event, and the browser's Undo brings the old text back.
/// Setting the text area's value would do neither.
fn replace(input: &HtmlTextAreaElement, replacement: &Replacement) {
    select(input, &replacement.range);
    let page = document().unchecked_into::<HtmlDocument>();
    // All browsers that the build is for know the command for text areas.
    let _ = if replacement.text.is_empty() {
        page.exec_command("delete")
    } else {
        page.exec_command_with_show_ui_and_value("insertText", false, &replacement.text)
    };
    select(input, &replacement.selection);
}

fn select(input: &HtmlTextAreaElement, range: &Range<usize>) {
    let position = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
    // The positions are inside of the text.
    let _ = input.set_selection_range(position(range.start), position(range.end));
}
