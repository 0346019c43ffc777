//! The one keyed list of the room: each row is drawn once, and what changes about it is a signal of its own. Called by
//! `timeline`, `sidebar` and `people`.

use leptos::either::EitherOf5;
use leptos::prelude::*;

use super::message::Message;
use super::people::Person;
use super::rows::Row;
use super::screen::Screen;
use super::sidebar::RoomLink;
use crate::live;
use crate::ui::time::{Day, day_label, iso_day};

/// The rows of a list.
#[component]
pub(super) fn RowList(rows: RwSignal<Vec<Row>>) -> impl IntoView {
    view! {
        <For each=move || rows.get() key=Row::key let:row>
            {match row {
                Row::Message(row) => EitherOf5::A(view! { <Message row /> }),
                Row::Day { day, .. } => EitherOf5::B(view! { <DayMark day /> }),
                Row::Gap { .. } => EitherOf5::C(view! { <GapMark /> }),
                Row::Room(room) => EitherOf5::D(view! { <RoomLink room /> }),
                Row::Person(member) => EitherOf5::E(view! { <Person member /> }),
            }}
        </For>
    }
}

#[component]
fn DayMark(day: Day) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let words = Signal::derive(move || day_label(day, screen.follow(|shown| shown.today)));
    view! {
        <div class="day" role="separator">
            <time class="day-label" datetime=iso_day(day)>{words}</time>
        </div>
    }
}

#[component]
fn GapMark() -> impl IntoView {
    view! {
        <div class="gap">
            <button class="button-quiet" type="button" on:click=move |_| live::fill_gap()>
                "Show the messages in between"
            </button>
        </div>
    }
}
