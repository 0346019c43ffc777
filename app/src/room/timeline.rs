//! The scroller: the past above, the messages, and the way down to what arrived meanwhile. Called by `chat`.

use std::time::Duration;

use leptos::prelude::*;

use super::message_list::MessageList;
use super::screen::{Past, Screen};
use crate::live;

/// How long after older messages have been inserted the log stays silent, so that a screen reader does not read the
/// past aloud.
const SILENT_AFTER_INSERT: Duration = Duration::from_millis(500);

/// The timeline.
#[component]
pub(super) fn Timeline() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let is_silent = silence(screen);
    let scrolled = move |_| {
        let is_near_top = screen.scroll.moved();
        if is_near_top && screen.past.get_untracked() == Past::Older {
            live::load_older();
        }
    };
    let announced = Signal::derive(move || if is_silent.get() { "off" } else { "polite" }.to_owned());
    let busy = Signal::derive(move || is_silent.get().then_some("true"));
    let is_up_to_date = Signal::derive(move || !screen.scroll.has_news.get());
    view! {
        <div class="timeline" tabindex="0" role="region" aria-label="Timeline" node_ref=screen.scroll.scroller on:scroll=scrolled>
            <PastMark />
            <div class="messages" role="log" aria-label="Messages" aria-live=announced aria-busy=busy>
                <MessageList />
            </div>
        </div>
        <button class="pill" type="button" hidden=is_up_to_date on:click=move |_| screen.scroll.to_end()>
            "New messages ↓"
        </button>
    }
}

#[component]
fn PastMark() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let words = Signal::derive(move || match screen.past.get() {
        Past::Beginning => screen.room.with(|room| format!("This is the beginning of {}.", room.name)),
        Past::Loading | Past::Unknown => "Loading…".to_owned(),
        Past::Older => String::new(),
    });
    let is_older = Signal::derive(move || screen.past.get() == Past::Older);
    let is_not_older = Signal::derive(move || screen.past.get() != Past::Older);
    view! {
        <p class="timeline-start" hidden=is_older>{words}</p>
        <button class="button-quiet timeline-older" type="button" hidden=is_not_older on:click=move |_| live::load_older()>
            "Load older messages"
        </button>
    }
}

/// True while what is inserted is the past: when older messages load, when another room is shown, and shortly after.
fn silence(screen: Screen) -> RwSignal<bool> {
    let is_silent = RwSignal::new(false);
    let inserts = move || matches!(screen.past.try_get_untracked(), Some(Past::Loading | Past::Unknown));
    Effect::new(move |shown_before: Option<()>| {
        screen.room.track();
        screen.past.track();
        if shown_before.is_some() {
            is_silent.set(true);
            let speak_again = move || {
                // Gone only with the page.
                let _ = is_silent.try_set(inserts());
            };
            set_timeout(speak_again, SILENT_AFTER_INSERT);
        }
    });
    is_silent
}
