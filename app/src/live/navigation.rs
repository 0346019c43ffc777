//! From room to room without a page load: the address changes by the History API, the room on the socket that is
//! there already. Called by the sidebar and by the Back button. A click that asks for a new tab is left to the browser.

use hubbub_protocol::RoomInfo;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::MouseEvent;

use super::driver;
use crate::room::{Panel, Screen};

/// The address of a room.
pub(crate) fn address(room: &RoomInfo) -> String {
    format!("/rooms/{}", room.slug)
}

/// A room's link was clicked.
pub(crate) fn on_click(event: &MouseEvent, room: &RoomInfo, screen: Screen) {
    let is_plain =
        event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() && !event.alt_key();
    if !is_plain || event.default_prevented() {
        return;
    }
    let Ok(history) = window().history() else { return };
    let is_elsewhere = screen.read(|shown| shown.room.id != room.id);
    // Without the new address the browser goes there itself.
    if is_elsewhere && history.push_state_with_url(&JsValue::NULL, "", Some(&address(room))).is_err() {
        return;
    }
    event.prevent_default();
    screen.open_panel(Panel::None);
    if is_elsewhere {
        driver::show_room(room);
    }
}

/// The address changed by Back or Forward.
pub(super) fn follow_address(screen: Screen) {
    let path = location().pathname().unwrap_or_default();
    let room = driver::room_at(|room| is_at(room, &path));
    match room {
        Some(room) if screen.read(|shown| shown.room.id == room.id) => {}
        Some(room) => driver::show_room(&room),
        // No room of this island: a page of its own. A reload that fails shows the browser's own message.
        None => drop(location().reload()),
    }
}

/// The browser writes other scripts percent-encoded.
fn is_at(room: &RoomInfo, path: &str) -> bool {
    js_sys::decode_uri(path).is_ok_and(|path| path == address(room).as_str())
}
