//! The list of rooms, each with its last message. Called by `home`.

use hubbub_protocol::Message;
use leptos::prelude::*;

use crate::backend::RoomLine;
use crate::ui::time::{iso, utc_time};

/// The list of rooms.
#[component]
pub(super) fn RoomCards(rooms: Vec<RoomLine>) -> impl IntoView {
    let cards: Vec<_> = rooms.into_iter().map(|line| view! { <Card line /> }).collect();
    view! {
        <section class="room-cards" aria-labelledby="rooms-title">
            <h2 class="room-cards-title" id="rooms-title">"Rooms"</h2>
            <ul>{cards}</ul>
        </section>
    }
}

#[component]
fn Card(line: RoomLine) -> impl IntoView {
    let topic = line.room.topic;
    view! {
        <li class="room-card">
            <a class="room-card-link" href=format!("/rooms/{}", line.room.slug)>
                <span class="room-card-name">{line.room.name}</span>
                {(!topic.is_empty()).then(|| view! { <span class="room-card-topic">{topic}</span> })}
                {line.last.map(|message| view! { <Last message /> })}
            </a>
        </li>
    }
}

#[component]
fn Last(message: Message) -> impl IntoView {
    view! {
        <span class="room-card-last">
            <b class="room-card-author">{message.by.name}</b>
            " "
            {message.body}
        </span>
        <time class="room-card-time" datetime=iso(message.at) data-at=message.at.to_string()>
            {utc_time(message.at)}
        </time>
    }
}
