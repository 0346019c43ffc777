//! The keyed list of days, messages and gaps. Called by `timeline`.

use leptos::either::EitherOf3;
use leptos::prelude::*;

use super::message::Message;
use super::rows::Row;
use super::screen::Screen;
use crate::live;
use crate::ui::time::{Day, day_label, iso_day};

/// The rows. Each is drawn once; what changes about it is a signal of its own.
#[component]
pub(super) fn MessageList() -> impl IntoView {
    let screen = expect_context::<Screen>();
    view! {
        <For each=move || screen.rows.get() key=Row::key let:row>
            {match row {
                Row::Day { day, .. } => EitherOf3::A(view! { <DayMark day /> }),
                Row::Message(row) => EitherOf3::B(view! { <Message row /> }),
                Row::Gap { .. } => EitherOf3::C(view! { <GapMark /> }),
            }}
        </For>
    }
}

#[component]
fn DayMark(day: Day) -> impl IntoView {
    let today = expect_context::<Screen>().today;
    let words = Signal::derive(move || day_label(day, today.get()));
    view! {
        <div class="day" role="separator">
            <time class="day-label" datetime=iso_day(day)>{words}</time>
        </div>
    }
}

#[component]
fn GapMark() -> impl IntoView {
    view! {
        <div class="gap" role="separator">
            <button class="button-quiet" type="button" on:click=move |_| live::fill_gap()>
                "Show the messages in between"
            </button>
        </div>
    }
}
