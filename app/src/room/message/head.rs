//! The author and the time of a message: above the first one of a group and again now and then, the time alone beside the
//! others.

use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;

use crate::room::own_pages::OwnPages;
use crate::state::Screen;
use crate::state::rows::MessageRow;
use crate::ui::Avatar;
use crate::ui::time::{Zone, iso};

/// The head.
#[component]
pub(super) fn Head(row: Arc<MessageRow>, shows_author: ArcMemo<bool>) -> impl IntoView {
    move || {
        let row = Arc::clone(&row);
        if shows_author.get() {
            let (member, name) = (row.by.clone(), row.by.name.clone());
            Either::Left(view! {
                <Avatar member />
                <header class="message-head">
                    <b class="message-author">{name}</b>
                    <Time row class="message-time" />
                </header>
            })
        } else {
            Either::Right(view! { <Time row class="message-time message-time-aside" /> })
        }
    }
}

/// The time: in the reader's zone once the page is live.
#[component]
fn Time(row: Arc<MessageRow>, class: &'static str) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let id = row.id;
    let shown = row.shown.clone();
    let datetime = move || iso(shown.read().at);
    let words = move || {
        let zone = if screen.today.get().is_some() { Zone::Local } else { Zone::Utc };
        zone.time(row.shown.read().at)
    };
    let time = view! { <time class=class datetime=datetime>{words}</time> };
    match use_context::<OwnPages>() {
        None => Either::Left(time),
        Some(OwnPages) => {
            let address = format!("/rooms/{}/messages/{id}", screen.room.with_untracked(|room| room.slug.clone()));
            Either::Right(view! {
                <a class="message-own-page" href=address target="_top">
                    <span class="visually-hidden">"Actions for the message of "</span>
                    {time}
                </a>
            })
        }
    }
}
