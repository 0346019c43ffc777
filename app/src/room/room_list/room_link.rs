//! A room in the list of rooms. A click shows the room without a page load: the address changes by the History API, and the
//! driver shows the room over the connection that it has. Called by
//! `room_list`.

use hubbub_protocol::RoomInfo;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::MouseEvent;

use crate::room::drawer::{close, close_for_page};
use crate::state::{Command, Commands, Screen};
use crate::ui::room_address;

/// The link, with a mark if the room has messages that the reader has not seen.
#[component]
pub(super) fn RoomLink(room: RoomInfo) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let id = room.id;
    let name = room.name.clone();
    let address = room_address(&room);
    let current = move || (screen.room.read().id == id).then_some("page");
    let is_unread = move || screen.unseen.read().rooms.contains(&id);
    let mark = move || is_unread().then(|| view! { <UnreadMark /> });
    view! {
        <li>
            <a
                class="rooms-link"
                href=address
                aria-current=current
                data-unread=is_unread
                on:click=move |event| go(&event, &room, screen, commands)
            >
                <span class="rooms-hash" aria-hidden="true">"#"</span>
                <span class="rooms-name">{name}</span>
                {mark}
            </a>
        </li>
    }
}

#[component]
fn UnreadMark() -> impl IntoView {
    view! {
        <span class="rooms-unread">
            <span class="visually-hidden">"unread"</span>
        </span>
    }
}

/// Shows a room. A click that asks for a new tab or window is left to the browser.
fn go(event: &MouseEvent, room: &RoomInfo, screen: Screen, commands: Commands) {
    let is_plain =
        event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() && !event.alt_key();
    if !is_plain || event.default_prevented() {
        return;
    }
    let Ok(history) = window().history() else { return };
    let is_other = screen.room.with_untracked(|shown| shown.id != room.id);
    if !is_other {
        event.prevent_default();
        return close(screen);
    }
    let address = room_address(room);
    // The room takes the place of the drawer's entry in the history.
    let changed = if screen.side.get_untracked().is_some() {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    };
    // If the address can't be changed, the browser loads the page.
    if changed.is_ok() {
        event.prevent_default();
        close_for_page(screen);
        commands.give(Command::ShowRoom(room.clone()));
    }
}
