//! Who is typing. Its line is always there, so that nothing jumps when it is filled. Called by `chat`.

use leptos::prelude::*;

use super::screen::Screen;
use super::wording::typing_sentence;

/// The line.
#[component]
pub(super) fn Typing() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let sentence = screen.text(|shown| typing_sentence(&shown.typing));
    let is_quiet = screen.flag(|shown| shown.typing.is_empty());
    view! {
        <p class="typing" aria-live="off">
            {sentence}
            <span class="typing-dots" aria-hidden="true" hidden=is_quiet>
                <i></i>
                <i></i>
                <i></i>
            </span>
        </p>
    }
}
