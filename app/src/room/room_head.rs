//! The room's name and topic, the state of the connection, and the buttons that open the sides on a narrow window. Called
//! by `layout`.

use leptos::prelude::*;
use web_sys::Element;

use super::connection::ConnectionState;
use super::drawer::{button_id, open};
use super::pins::Pins;
use crate::browser::by_id;
use crate::state::Screen;
use crate::state::screen::Side;
use crate::ui::{Glyph, Icon};

const ANNOUNCEMENT_ID: &str = "announcement";

/// Tells a screen reader which room is shown now.
pub(super) fn announce(room: &str) {
    if let Some(announcement) = by_id::<Element>(ANNOUNCEMENT_ID) {
        announcement.set_text_content(Some(&format!("Now in {room}")));
    }
}

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
    view! {
        <header class="room-head">
            <button
                class="icon-button room-menu"
                type="button"
                id=button_id(Side::Rooms)
                aria-label="Rooms"
                aria-controls="rooms"
                aria-haspopup="dialog"
                aria-expanded=is_open(Side::Rooms)
                on:click=move |_| open(screen, Side::Rooms)
            >
                <Icon glyph=Glyph::Menu />
            </button>
            <div class="room-heading">
                <h1 class="room-name">{name}</h1>
                <p class="room-topic">{topic}</p>
            </div>
            {move || is_maker().then(|| view! {
                <button class="icon-button" type="button" aria-label="Change name and topic" on:click=move |_| screen.is_describing.set(true)>
                    <Icon glyph=Glyph::Edit />
                </button>
            })}
            <p class="visually-hidden" id=ANNOUNCEMENT_ID role="status"></p>
            <ConnectionState />
            <Pins />
            <button
                class="icon-button room-people"
                type="button"
                id=button_id(Side::People)
                aria-label="People"
                aria-controls="people"
                aria-haspopup="dialog"
                aria-expanded=is_open(Side::People)
                on:click=move |_| open(screen, Side::People)
            >
                <Icon glyph=Glyph::People />
                <span class="room-people-count">{n_present}</span>
            </button>
        </header>
    }
}
