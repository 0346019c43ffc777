//! The room's name and topic, the state of the connection, and the buttons that open the sides on a narrow window. Called
//! by `layout`.

use leptos::prelude::*;

use super::connection::ConnectionState;
use super::describe::open_dialog;
use super::pins::Pins;
use crate::state::Screen;
use crate::state::screen::Side;
use crate::ui::{Glyph, Icon};

/// The room's head.
#[component]
pub(super) fn RoomHead() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let name = move || screen.room.read().name.clone();
    // None where there is no topic: the style hides an empty element.
    let topic = move || Some(screen.room.read().topic.clone()).filter(|topic| !topic.is_empty());
    let is_maker = move || {
        let made_by = screen.state.read().as_ref().and_then(|state| state.made_by.as_ref().map(|member| member.id));
        made_by == Some(screen.you.with_value(|you| you.id))
    };
    let n_present = move || screen.present.read().count.to_string();
    let is_open = move |side| move || (screen.side.get() == Some(side)).to_string();
    let toggle =
        move |side| move |_| screen.side.update(|open| *open = if *open == Some(side) { None } else { Some(side) });
    view! {
        <header class="room-head">
            <button
                class="icon-button room-menu"
                type="button"
                aria-label="Rooms"
                aria-controls="rooms"
                aria-expanded=is_open(Side::Rooms)
                on:click=toggle(Side::Rooms)
            >
                <Icon glyph=Glyph::Menu />
            </button>
            <div class="room-heading">
                <h1 class="room-name">{name}</h1>
                <p class="room-topic">{topic}</p>
            </div>
            {move || is_maker().then(|| view! {
                <button class="icon-button" type="button" aria-label="Change name and topic" on:click=move |_| open_dialog(screen)>
                    <Icon glyph=Glyph::Edit />
                </button>
            })}
            <ConnectionState />
            <Pins />
            <button
                class="icon-button room-people"
                type="button"
                aria-label="People"
                aria-controls="people"
                aria-expanded=is_open(Side::People)
                on:click=toggle(Side::People)
            >
                <Icon glyph=Glyph::People />
                <span class="room-people-count">{n_present}</span>
            </button>
        </header>
    }
}
