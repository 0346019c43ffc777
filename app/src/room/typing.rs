//! Who is typing. Its line is always there, so that nothing jumps when it is filled. Called by `chat`.

use leptos::prelude::*;

use super::screen::Screen;
use super::wording::typing_sentence;

/// The line.
#[component]
pub(super) fn Typing() -> impl IntoView {
    let typing = expect_context::<Screen>().typing;
    let sentence = Signal::derive(move || typing.with(|members| typing_sentence(members)));
    let is_quiet = Signal::derive(move || typing.with(Vec::is_empty));
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
