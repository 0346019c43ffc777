//! The timeline: older messages above, the messages, and a button that leads down to the newest. Called by
//! `layout`; `log` draws the same rows in a document of their own.

use hubbub_client::{Gap, GapEnd};
use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::message::{Message, MessagePlace};
use super::text_area::focus_composer;
use super::walk::walk;
use super::wording::jump_words;
use crate::state::past::Past;
use crate::state::rows::Row;
use crate::state::scroll::{AUTHOR_ID, SCROLLER_ID};
use crate::state::{Command, Commands, Screen};
use crate::ui::time::{Day, Zone, day_label, iso_day, on_day};

/// The timeline.
#[component]
pub(super) fn Timeline() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let scrolled = move |_| {
        screen.scrolled();
        if let Some(command) = screen.wanted_messages() {
            commands.give(command);
        }
    };
    view! {
        <div class="timeline" id=SCROLLER_ID tabindex="0" role="region" aria-label="Timeline" on:scroll=scrolled on:keydown=|event| walk(&event)>
            <Beginning />
            <div
                class="messages"
                role="log"
                aria-label="Messages"
                aria-live=move || if screen.is_announcing.get() { "polite" } else { "off" }
                aria-busy=move || (!screen.is_announcing.get()).to_string()
            >
                <Rows rows=screen.rows />
            </div>
        </div>
        // Each of the messages says its author to a screen reader.
        <p class="timeline-author" id=AUTHOR_ID aria-hidden="true"></p>
        <button
            class="pill"
            type="button"
            hidden=move || screen.scroll.follows_end()
            on:click=move |_| commands.give(Command::GoToEnd)
        >
            {move || jump_words(screen.n_arrived.get().unwrap_or(0))}
        </button>
    }
}

/// The rows as a keyed list: each is drawn once, and what changes about a message is a signal of its own.
#[component]
pub(super) fn Rows(rows: RwSignal<Vec<Row>>) -> impl IntoView {
    view! {
        <For each=move || rows.get() key=Row::key let:row>
            {match row {
                Row::Message(row) => EitherOf3::A(view! { <Message row place=MessagePlace::Timeline /> }),
                Row::Day { day, .. } => EitherOf3::B(view! { <DayMark day /> }),
                Row::Gap(gap) => EitherOf3::C(view! { <GapMark gap /> }),
            }}
        </For>
    }
}

#[component]
fn DayMark(day: Day) -> impl IntoView {
    let screen = expect_context::<Screen>();
    view! {
        <div class="day" role="separator">
            <time class="day-label" datetime=iso_day(day)>{move || day_label(day, screen.today.get())}</time>
        </div>
    }
}

#[component]
fn GapMark(gap: Gap) -> impl IntoView {
    let commands = expect_context::<Commands>();
    let fill = move |end| move |_| commands.give(Command::FillGap(gap, end));
    view! {
        <div class="gap">
            <button class="button-quiet" type="button" on:click=fill(GapEnd::Lower)>"Show the next messages"</button>
            <button class="button-quiet" type="button" on:click=fill(GapEnd::Upper)>"Show the messages before"</button>
        </div>
    }
}

/// What stands above the oldest message: that the room begins here, or how to load older messages.
#[component]
fn Beginning() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let is_empty = move || screen.past.get() == Past::Beginning && screen.rows.read().is_empty();
    let words = move || match screen.past.get() {
        Past::Beginning => format!("This is the beginning of {}. {}", screen.room.read().name, origin(screen)),
        Past::Loading | Past::Unknown => "Loading…".to_owned(),
        Past::Older => String::new(),
    };
    view! {
        <p class="timeline-start" hidden=move || screen.past.get() == Past::Older>{words}</p>
        <button class="button-quiet timeline-first" type="button" hidden=move || !is_empty() on:click=|_| focus_composer()>
            "Write the first message"
        </button>
        <button
            class="button-quiet timeline-older"
            type="button"
            hidden=move || screen.past.get() != Past::Older
            on:click=move |_| commands.give(Command::LoadOlder)
        >
            "Load older messages"
        </button>
    }
}

/// Who made the room that is shown, and when. Empty for a room that nobody made, such as the lobby.
fn origin(screen: Screen) -> String {
    let state = screen.state.read();
    let Some((made_by, made_at)) = state.as_ref().and_then(|state| Some((state.made_by.as_ref()?, state.made_at)))
    else {
        return String::new();
    };
    let today = screen.today.get();
    let zone = if today.is_some() { Zone::Local } else { Zone::Utc };
    format!("{} made it {}.", made_by.name, on_day(zone.day(made_at), today))
}
