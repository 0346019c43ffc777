//! The line above the composer that says which message the next one answers. Called by `composer`.

use leptos::prelude::*;

use crate::room::text_area::focus_composer;
use crate::room::wording::one_line;
use crate::state::Screen;
use crate::ui::{Glyph, Icon};

/// The line, while the composer answers a message.
#[component]
pub(super) fn ReplyBar() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let replying_to = screen.acting.replying_to;
    let cancel = move |_| {
        replying_to.set(None);
        focus_composer();
    };
    move || {
        replying_to.get().map(|message| {
            let name = message.by.name.clone();
            let text = move || one_line(&message.shown.read().body);
            view! {
                <div class="reply-bar">
                    <span class="reply-bar-text">"Replying to " <b>{name}</b> ": " {text}</span>
                    <button class="icon-button" type="button" aria-label="Cancel reply" on:click=cancel>
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
            }
        })
    }
}
