//! Who is typing. The line keeps its height when it is empty, so that nothing moves. Called by `layout`.

use leptos::prelude::*;

use super::wording::typing_sentence;
use crate::state::Screen;

/// The line.
#[component]
pub(super) fn Typing() -> impl IntoView {
    let typing = expect_context::<Screen>().typing;
    view! {
        <p class="typing" aria-live="off">
            {move || typing_sentence(&typing.read())}
            <span class="typing-dots" aria-hidden="true" hidden=move || typing.read().is_empty()>
                <i></i>
                <i></i>
                <i></i>
            </span>
        </p>
    }
}
