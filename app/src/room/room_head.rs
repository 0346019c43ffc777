//! The room's name and topic, how the connection stands, and the buttons that open the sides on a phone. Called by
//! `chat`.

use leptos::prelude::*;

use super::connection::ConnectionStatus;
use super::screen::Screen;
use super::shown::Panel;
use crate::ui::{Glyph, Icon};

/// The room's head.
#[component]
pub(super) fn RoomHead() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let name = screen.text(|shown| shown.room.name.clone());
    let topic = screen.text_or_nothing(|shown| &shown.room.topic);
    let count = screen.text(|shown| shown.n_present.to_string());
    let rooms_are_open = screen.text(|shown| (shown.panel == Panel::Rooms).to_string());
    let people_are_open = screen.text(|shown| (shown.panel == Panel::People).to_string());
    view! {
        <header class="room-head">
            <button
                class="icon-button room-menu"
                type="button"
                aria-label="Rooms"
                aria-controls="rooms"
                aria-expanded=rooms_are_open
                on:click=move |_| screen.toggle_panel(Panel::Rooms)
            >
                <Icon glyph=Glyph::Menu />
            </button>
            <div class="room-heading">
                <h1 class="room-name">{name}</h1>
                <p class="room-topic">{topic}</p>
            </div>
            <ConnectionStatus />
            <button
                class="icon-button room-people"
                type="button"
                aria-label="People"
                aria-controls="people"
                aria-expanded=people_are_open
                on:click=move |_| screen.toggle_panel(Panel::People)
            >
                <Icon glyph=Glyph::People />
                <span class="room-people-count">{count}</span>
            </button>
        </header>
    }
}
