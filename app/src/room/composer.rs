//! The form that sends messages. Before the page is live the browser submits it; then its text becomes a command. The text
//! area's text belongs to the browser: it is set only when a message is sent and when another room is shown, so that
//! nothing that is typed gets lost. Called by `layout`.

mod come_back;
mod drafts;
mod focus;
mod reply_bar;

use hubbub_protocol::text::{self, TextError};
use hubbub_protocol::{MemberId, Refusal, RoomId};
use leptos::ev::{self, KeyboardEvent, SubmitEvent};
use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use self::come_back::{ComeBack, is_signed_out};
use self::reply_bar::ReplyBar;
use super::room_head::announce;
use super::room_list::show_current;
use super::shortcuts;
use super::text_area::{COMPOSER_ID, Pressed, fit_height, pressed};
use super::wording::{chars_left, counter, notice};
use crate::browser::once_live;
use crate::state::first_paint::Refused;
use crate::state::{Command, Commands, Screen};

/// The text area, the error of its text, and the number of characters that are left.
#[derive(Clone, Copy)]
struct ComposerState {
    screen: Screen,
    commands: Commands,
    input: NodeRef<html::Textarea>,
    /// Why the text can't be sent; else empty.
    error: RwSignal<String>,
    /// How many more characters fit, once that is worth saying.
    n_left: RwSignal<Option<i64>>,
}

/// The composer.
#[component]
pub(super) fn Composer(form_id: String, refused: Refused) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let state = ComposerState {
        screen,
        commands: expect_context(),
        input: NodeRef::new(),
        error: RwSignal::new(refused.reason),
        n_left: RwSignal::new(None),
    };
    once_live(move || state.take_over());
    Effect::new(move |shown_before: Option<RoomId>| {
        let room = screen.room.read();
        if shown_before.is_some_and(|before| before != room.id) {
            state.load();
            state.input().iter().for_each(focus::offer);
            announce(&room.name);
            show_current();
        }
        room.id
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        state.send();
    };
    let press = move |event: KeyboardEvent| {
        if state.input().is_some_and(|input| shortcuts::press(&input, &event)) {
            return;
        }
        match pressed(&event) {
            Pressed::Send => {
                event.prevent_default();
                state.send();
            }
            Pressed::Escape => screen.acting.replying_to.set(None),
            Pressed::Other if event.key() == "ArrowUp" && state.is_empty() => {
                if let Some(message) = screen.last_own() {
                    event.prevent_default();
                    screen.acting.edit(Some(message));
                }
            }
            Pressed::Other => {}
        }
    };
    let action = move || format!("/rooms/{}/messages", screen.room.read().slug);
    let placeholder = move || format!("Message {}", screen.room.read().name);
    let n_left = state.n_left;
    let left = move || n_left.get().map(counter);
    // None where there is nothing to say: the style hides an empty element, and an empty text would be a text node.
    let reason = move || {
        let error = state.error.get();
        if error.is_empty() { screen.notice.read().as_ref().map(notice) } else { Some(error) }
    };
    view! {
        <ComeBack />
        <form class="composer" method="post" action=action on:submit=submit>
            <ReplyBar />
            <input type="hidden" name="id" value=form_id />
            <div class="composer-box">
                <textarea
                    class="composer-input"
                    id=COMPOSER_ID
                    name="body"
                    dir="auto"
                    aria-label="Message"
                    aria-describedby="composer-error composer-hint"
                    placeholder=placeholder
                    rows="1"
                    autocomplete="off"
                    enterkeyhint="enter"
                    node_ref=state.input
                    on:input=move |_| state.typed()
                    on:keydown=press
                    on:paste=move |event| state.input().iter().for_each(|input| shortcuts::paste(input, &event))
                >
                    {as_textarea_text(&refused.typed)}
                </textarea>
                <p class="composer-error" id="composer-error" role="alert">{reason}</p>
                <p class="composer-hint" id="composer-hint">"Enter sends, Shift+Enter starts a new line."</p>
                <span
                    class="composer-left"
                    hidden=move || n_left.get().is_none()
                    data-over=move || n_left.get().is_some_and(|left| left < 0)
                >
                    {left}
                </span>
                <button class="button button-primary composer-send" disabled=move || is_signed_out(screen)>"Send"</button>
            </div>
        </form>
    }
}

impl ComposerState {
    /// Keeps the text that was typed before the page was live, or else shows the stored draft. Removes the drafts of others.
    fn take_over(self) {
        drafts::forget_others(self.key().0);
        match self.input() {
            Some(input) if input.value().is_empty() => self.load(),
            _ => drop(self.store()),
        }
        self.input().iter().for_each(focus::offer);
        // The listener lives as long as the page.
        drop(window_event_listener(ev::keydown, move |event| focus::take_key(self.input, &event)));
    }

    /// Shows the stored draft of the room that is shown.
    fn load(self) {
        let Some(input) = self.input() else { return };
        let (you, room) = self.key();
        input.set_value(&drafts::read(you, room));
        self.error.set(String::new());
        self.store();
    }

    fn typed(self) {
        self.error.set(String::new());
        if !self.store().trim().is_empty() {
            self.commands.give(Command::Typing);
        }
    }

    /// Sends the text if it is a valid message, and says why not otherwise. The text of a person who is signed out stays.
    fn send(self) {
        let Some(input) = self.input() else { return };
        if untrack(|| is_signed_out(self.screen)) {
            return;
        }
        // A text area on the page takes the focus.
        let _ = input.focus();
        let error = match text::Body::parse(&input.value()) {
            Ok(body) => {
                let reply_to = self.screen.acting.replying_to.try_update(Option::take).flatten().map(|row| row.id);
                self.commands.give(Command::Send { body, reply_to });
                None
            }
            Err(TextError::Empty) => None,
            Err(error) => Some(Refusal::from(error).to_string()),
        };
        if error.is_none() {
            input.set_value("");
            self.store();
        }
        self.error.set(error.unwrap_or_default());
    }

    /// Stores the text as the room's draft, and fits the height and the count of characters to it. Returns the text.
    fn store(self) -> String {
        let Some(input) = self.input() else { return String::new() };
        let text = input.value();
        let (you, room) = self.key();
        drafts::write(you, room, &text);
        self.n_left.set(chars_left(&text));
        fit_height(&input);
        text
    }

    fn is_empty(self) -> bool {
        self.input().is_some_and(|input| input.value().is_empty())
    }

    fn key(self) -> (MemberId, RoomId) {
        (self.screen.you.with_value(|you| you.id), self.screen.room.with_untracked(|room| room.id))
    }

    fn input(self) -> Option<HtmlTextAreaElement> {
        self.input.get_untracked()
    }
}

/// Escapes the text of a text area: the one place where the framework writes text as it is. It is empty but on the page
/// that answers a refused form, where browsers without script show it.
pub(crate) fn as_textarea_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_with_markup_does_not_close_the_text_area() {
        assert_eq!(as_textarea_text("</textarea><script>&lt;"), "&lt;/textarea>&lt;script>&amp;lt;");
    }
}
