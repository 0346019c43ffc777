//! The rules of every text area for messages: the key that sends, and a height that grows with the text. Called by the
//! composer, the form that edits a message and the form that answers a message.

use leptos::ev::KeyboardEvent;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use crate::browser::{by_id, matches_media};

/// The id of the composer's text area.
pub(super) const COMPOSER_ID: &str = "message";
/// The code of a key while an input method composes (UI Events, section 8.3).
const COMPOSING_KEY_CODE: u32 = 229;

/// The purpose of a pressed key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pressed {
    /// Send the text.
    Send,
    /// Leave the form.
    Escape,
    /// Anything else.
    Other,
}

/// Returns the purpose of a key. While an input method composes, Enter belongs to the input method.
pub(super) fn pressed(event: &KeyboardEvent) -> Pressed {
    let is_input_method = event.is_composing() || event.key_code() == COMPOSING_KEY_CODE;
    match event.key().as_str() {
        "Enter" if !event.shift_key() && !is_input_method && !is_touch() => Pressed::Send,
        "Escape" if !is_input_method => Pressed::Escape,
        _ => Pressed::Other,
    }
}

/// Gives the focus to the composer.
pub(super) fn focus_composer() {
    if let Some(input) = by_id::<HtmlElement>(COMPOSER_ID) {
        // A text area on the page takes the focus.
        let _ = input.focus();
    }
}

/// Returns whether the keyboard is on the screen. Such a keyboard has no Shift+Enter: Enter makes a new line, the button
/// sends.
fn is_touch() -> bool {
    matches_media("(pointer: coarse) and (hover: none)")
}

/// Grows the text area with its text, in browsers without `field-sizing`. The style limits the height.
pub(super) fn fit_height(input: &HtmlTextAreaElement) {
    if web_sys::css::supports_with_value("field-sizing", "content").unwrap_or(false) {
        return;
    }
    for height in ["auto".to_owned(), format!("{}px", input.scroll_height())] {
        // The property is valid. Without it the text area scrolls.
        let _ = HtmlElement::style(input).set_property("height", &height);
    }
}
