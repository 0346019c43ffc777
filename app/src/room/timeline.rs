//! The scroller: the past above, the messages, and the way down to what arrived meanwhile. Called by `chat`.

use leptos::prelude::*;

use super::row_list::RowList;
use super::screen::Screen;
use super::scroll::SCROLLER_ID;
use super::shown::{News, Past, Voice};
use crate::live;

/// The timeline.
#[component]
pub(super) fn Timeline() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let announced = screen.text(|shown| if shown.voice == Voice::Silent { "off" } else { "polite" }.to_owned());
    let busy = screen.text(|shown| (shown.voice == Voice::Silent).to_string());
    let is_up_to_date = screen.flag(|shown| shown.news == News::Seen);
    let scrolled = move |_| {
        screen.scrolled();
        if screen.wants_older() {
            live::load_older();
        }
    };
    view! {
        <div class="timeline" id=SCROLLER_ID tabindex="0" role="region" aria-label="Timeline" on:scroll=scrolled>
            <PastMark />
            <div class="messages" role="log" aria-label="Messages" aria-live=announced aria-busy=busy>
                <RowList rows=screen.rows />
            </div>
        </div>
        <button class="pill" type="button" hidden=is_up_to_date on:click=move |_| screen.go_to_end()>
            "New messages ↓"
        </button>
    }
}

#[component]
fn PastMark() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let words = screen.text(|shown| match shown.past {
        Past::Beginning => format!("This is the beginning of {}.", shown.room.name),
        Past::Loading | Past::Unknown => "Loading…".to_owned(),
        Past::Older => String::new(),
    });
    let is_older = screen.flag(|shown| shown.past == Past::Older);
    let is_not_older = screen.flag(|shown| shown.past != Past::Older);
    view! {
        <p class="timeline-start" hidden=is_older>{words}</p>
        <button
            class="button-quiet timeline-older"
            type="button"
            hidden=is_not_older
            on:click=move |_| live::load_older()
        >
            "Load older messages"
        </button>
    }
}
