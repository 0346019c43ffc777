//! Where one writes. A real form before the page is live; then what is sent goes through the engine, and the text is
//! never locked, lost or taken away. The text area belongs to the browser: what was typed before the page was live
//! stays, and only sending, and going to another room, put other text there. Called by `chat`.

use hubbub_protocol::Refusal;
use hubbub_protocol::text::{self, TextError};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use super::first_paint::Refused;
use super::screen::{Screen, show};
use super::wording::chars_left;
use crate::live::{self, drafts};

/// What browsers report as the key while an input method composes (UI Events, section 8.3).
const COMPOSING_KEY_CODE: u32 = 229;

/// The composer.
#[component]
pub(super) fn Composer(form_id: String, refused: Refused) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let input = NodeRef::<html::Textarea>::new();
    let left = RwSignal::new(None);
    let error = RwSignal::new(refused.reason);
    keep_drafts(screen, input, left);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send(screen, input, error, left);
    };
    let typed_on = move |_| {
        show(error, String::new());
        if let Some(input) = input.get_untracked() {
            look_at(screen, &input, left);
            if !input.value().trim().is_empty() {
                live::typing();
            }
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let is_composing = event.is_composing() || event.key_code() == COMPOSING_KEY_CODE;
        if event.key() == "Enter" && !event.shift_key() && !is_composing {
            event.prevent_default();
            send(screen, input, error, left);
        }
    };
    let action = Signal::derive(move || screen.room.with(|room| format!("/rooms/{}/messages", room.slug)));
    let placeholder = Signal::derive(move || screen.room.with(|room| format!("Message {}", room.name)));
    let reason = Signal::derive(move || error.get() + &screen.notice.get());
    let chars_left =
        Signal::derive(move || left.get().map(|left| format!("{left} characters left")).unwrap_or_default());
    let is_roomy = Signal::derive(move || left.get().is_none());
    let over = Signal::derive(move || left.get().is_some_and(|left| left < 0).then_some(""));
    view! {
        <form class="composer" method="post" action=action on:submit=submit>
            <input type="hidden" name="id" value=form_id />
            <textarea
                class="composer-input"
                name="body"
                aria-label="Message"
                aria-describedby="composer-error composer-hint"
                placeholder=placeholder
                rows="1"
                autocomplete="off"
                node_ref=input
                on:input=typed_on
                on:keydown=pressed
            >
                {as_textarea_text(&refused.typed)}
            </textarea>
            <span class="composer-left" hidden=is_roomy data-over=over>
                {chars_left}
            </span>
            <button class="button button-primary composer-send">"Send"</button>
            <p class="composer-error" id="composer-error" role="alert">{reason}</p>
            <p class="composer-hint" id="composer-hint">"Enter sends, Shift+Enter starts a new line."</p>
        </form>
    }
}

/// Sends what is written, if it can be sent; says why not otherwise. Either way one can go on typing.
fn send(screen: Screen, input: NodeRef<html::Textarea>, error: RwSignal<String>, left: RwSignal<Option<i64>>) {
    let Some(input) = input.get_untracked() else { return };
    // It is shown and takes the focus.
    let _ = input.focus();
    match text::Body::parse(&input.value()) {
        Ok(body) => {
            show(error, String::new());
            input.set_value("");
            look_at(screen, &input, left);
            live::send(body);
        }
        Err(TextError::Empty) => input.set_value(""),
        Err(reason) => error.set(Refusal::from(reason).to_string()),
    }
}

/// Puts a room's draft into the text area when the room is shown, but never over what was typed before.
fn keep_drafts(screen: Screen, input: NodeRef<html::Textarea>, left: RwSignal<Option<i64>>) {
    Effect::new(move |shown_before: Option<_>| {
        let room = screen.room.with(|room| room.id);
        let Some(input) = input.get() else { return room };
        if shown_before != Some(room) && (shown_before.is_some() || input.value().is_empty()) {
            input.set_value(&drafts::read(screen.you.with_value(|you| you.id), room));
        }
        look_at(screen, &input, left);
        room
    });
}

/// What follows from the text: its draft, its height, the room left in it.
fn look_at(screen: Screen, input: &HtmlTextAreaElement, left: RwSignal<Option<i64>>) {
    let text = input.value();
    drafts::write(screen.you.with_value(|you| you.id), screen.room.with_untracked(|room| room.id), &text);
    left.set(chars_left(&text));
    fit_height(input);
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
