//! Where one writes. A real form before the page is live; then what is sent goes through the engine, and the text is
//! never locked, lost or taken away. The text area belongs to the browser: what was typed before the page was live
//! stays, and only sending, and going to another room, put other text there. Called by `chat`.

use hubbub_protocol::text::{self, TextError};
use hubbub_protocol::{MemberId, Refusal, RoomId};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::prelude::*;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use super::screen::Screen;
use super::shown::put;
use super::wording::chars_left;
use crate::live::{self, drafts};
use crate::ui::by_id;

/// What browsers report as the key while an input method composes (UI Events, section 8.3).
const COMPOSING_KEY_CODE: u32 = 229;
const INPUT_ID: &str = "message";

/// The composer.
#[component]
pub(super) fn Composer(form_id: String, typed_before: String) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send(screen);
    };
    let pressed = move |event: KeyboardEvent| {
        let is_input_method = event.is_composing() || event.key_code() == COMPOSING_KEY_CODE;
        if event.key() == "Enter" && !event.shift_key() && !is_input_method {
            event.prevent_default();
            send(screen);
        }
    };
    let typed = move |_| {
        screen.change(&mut |shown| put(&mut shown.error, String::new()));
        if !look_at_text(screen).trim().is_empty() {
            live::typing();
        }
    };
    let action = screen.text(|shown| format!("/rooms/{}/messages", shown.room.slug));
    let placeholder = screen.text(|shown| format!("Message {}", shown.room.name));
    let reason = screen.text_or_nothing(|shown| if shown.error.is_empty() { &shown.notice } else { &shown.error });
    let left = screen.text(|shown| shown.left.map(|left| format!("{left} characters left")).unwrap_or_default());
    let is_roomy = screen.flag(|shown| shown.left.is_none());
    let is_over = screen.flag(|shown| shown.left.is_some_and(|left| left < 0));
    view! {
        <form class="composer" method="post" action=action on:submit=submit>
            <input type="hidden" name="id" value=form_id />
            <textarea
                class="composer-input"
                id=INPUT_ID
                name="body"
                aria-label="Message"
                aria-describedby="composer-error composer-hint"
                placeholder=placeholder
                rows="1"
                autocomplete="off"
                on:input=typed
                on:keydown=pressed
            >
                {as_textarea_text(&typed_before)}
            </textarea>
            <span class="composer-left" hidden=is_roomy data-over=is_over>{left}</span>
            <button class="button button-primary composer-send">"Send"</button>
            <p class="composer-error" id="composer-error" role="alert">{reason}</p>
            <p class="composer-hint" id="composer-hint">"Enter sends, Shift+Enter starts a new line."</p>
        </form>
    }
}

/// Takes over what was typed before the page was live, or else the draft that was kept. Drafts of others are forgotten.
pub(super) fn take_over(screen: Screen) {
    drafts::forget_others(whose(screen).0);
    match input() {
        Some(input) if input.value().is_empty() => show_draft(screen),
        _ => drop(look_at_text(screen)),
    }
}

/// Puts the room's draft in place of the text that is there. Called when another room is shown.
pub(crate) fn show_draft(screen: Screen) {
    let Some(input) = input() else { return };
    let (you, room) = whose(screen);
    input.set_value(&drafts::read(you, room));
    screen.change(&mut |shown| put(&mut shown.error, String::new()));
    look_at_text(screen);
}

/// Sends what is written, if it can be sent; says why not otherwise. Either way one can go on typing.
fn send(screen: Screen) {
    let Some(input) = input() else { return };
    // It is shown and takes the focus.
    let _ = input.focus();
    let body = text::Body::parse(&input.value());
    if matches!(body, Ok(_) | Err(TextError::Empty)) {
        input.set_value("");
        look_at_text(screen);
    }
    let error = match &body {
        Ok(_) | Err(TextError::Empty) => String::new(),
        Err(reason) => Refusal::from(*reason).to_string(),
    };
    screen.change(&mut |shown| put(&mut shown.error, error.clone()));
    if let Ok(body) = body {
        live::send(body);
    }
}

/// What follows from the text: its draft, its height and the room left in it. Gives the text.
fn look_at_text(screen: Screen) -> String {
    let Some(input) = input() else { return String::new() };
    let text = input.value();
    let (you, room) = whose(screen);
    drafts::write(you, room, &text);
    let left = chars_left(&text);
    screen.change(&mut |shown| put(&mut shown.left, left));
    fit_height(&input);
    text
}

fn whose(screen: Screen) -> (MemberId, RoomId) {
    screen.read(|shown| (shown.you.id, shown.room.id))
}

fn input() -> Option<HtmlTextAreaElement> {
    by_id(INPUT_ID)
}

/// For browsers that don't grow a text area by `field-sizing`; the style bounds it.
fn fit_height(input: &HtmlTextAreaElement) {
    if web_sys::css::supports_with_value("field-sizing", "content").unwrap_or(false) {
        return;
    }
    for height in ["auto".to_owned(), format!("{}px", input.scroll_height())] {
        // A valid property; should it be refused, the text area scrolls.
        let _ = HtmlElement::style(input).set_property("height", &height);
    }
}

/// A text area's text is the one place where the framework writes text as it is, so it is escaped here. The page that
/// answers a refused form has it there for browsers without script; everywhere else it is empty.
fn as_textarea_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_not_leave_the_text_area() {
        assert_eq!(as_textarea_text("</textarea><script>&lt;"), "&lt;/textarea>&lt;script>&amp;lt;");
    }
}
