//! The room's name and topic, how the connection stands, and the buttons that open the sides on a phone. Called by
//! `chat`.

use leptos::prelude::*;

use super::connection::ConnectionStatus;
use super::screen::{Panel, Screen};
use crate::ui::{Glyph, Icon};

/// The room's head.
#[component]
pub(super) fn RoomHead() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let toggle = move |panel| screen.panel.update(|shown| *shown = shown.toggled(panel));
    let expanded = move |panel| Signal::derive(move || (screen.panel.get() == panel).to_string());
    let name = Signal::derive(move || screen.room.with(|room| room.name.clone()));
    let topic = Signal::derive(move || screen.room.with(|room| room.topic.clone()));
    let count = Signal::derive(move || screen.present.with(|present| present.count.to_string()));
    view! {
        <header class="room-head">
            <button
                class="icon-button room-menu"
                type="button"
                aria-label="Rooms"
                aria-controls="rooms"
                aria-expanded=expanded(Panel::Rooms)
                on:click=move |_| toggle(Panel::Rooms)
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
                aria-expanded=expanded(Panel::People)
                on:click=move |_| toggle(Panel::People)
            >
                <Icon glyph=Glyph::People />
                <span class="room-people-count">{count}</span>
            </button>
        </header>
    }
}
