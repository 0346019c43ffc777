//! The list of rooms: a button that creates a room, a filter, and a link to each room. The style hides the filter of a short
//! list. Called by `sidebar`.

mod room_link;

use hubbub_protocol::RoomInfo;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

use self::room_link::RoomLink;
use super::new_room::open_dialog;
use crate::browser::{by_id, lower_case, once_live};
use crate::state::Screen;

const LIST_ID: &str = "room-list";
const FILTER_ID: &str = "room-filter";
/// The style fades the list over this many CSS pixels where it is cut off.
const FADE_PX: f64 = 32.0;

/// The list, scrolled to the room that is shown.
#[component]
pub(super) fn RoomList() -> impl IntoView {
    let screen = expect_context::<Screen>();
    // The text in the filter, in lower case.
    let wanted = RwSignal::new(String::new());
    once_live(show_current);
    let press = move |event: KeyboardEvent| {
        let key = event.key();
        if key == "Enter" {
            event.prevent_default();
            if let Some(first) = link("a") {
                first.click();
            }
        } else if key != "Escape" || wanted.read_untracked().is_empty() {
            // A second Escape closes the drawer that the list may be in.
            return;
        }
        event.stop_propagation();
        if let Some(filter) = filter() {
            filter.set_value("");
        }
        wanted.set(String::new());
        show_current();
    };
    let type_text = move |_| {
        let typed = filter().map(|filter| filter.value()).unwrap_or_default();
        wanted.set(lower_case(typed.trim()));
    };
    view! {
        <nav class="rooms" aria-label="Rooms">
            <div class="rooms-head">
                <h2 class="rooms-title">"Rooms"</h2>
                <button class="button-quiet rooms-new" type="button" aria-haspopup="dialog" on:click=move |_| open_dialog(screen)>
                    "New room"
                </button>
            </div>
            <input
                class="rooms-filter"
                id=FILTER_ID
                type="text"
                aria-label="Filter rooms"
                placeholder="Filter rooms"
                autocomplete="off"
                spellcheck="false"
                enterkeyhint="go"
                on:input=type_text
                on:keydown=press
            />
            <ul class="rooms-list" id=LIST_ID>
                <For each=move || matching(screen.rooms.get(), &wanted.read()) key=|room| room.id let:room>
                    <RoomLink room />
                </For>
            </ul>
            <p class="rooms-none" role="status">"No room is called that."</p>
        </nav>
    }
}

/// The rooms whose names contain a text in lower case.
fn matching(mut rooms: Vec<RoomInfo>, wanted: &str) -> Vec<RoomInfo> {
    if !wanted.is_empty() {
        rooms.retain(|room| lower_case(&room.name).contains(wanted));
    }
    rooms
}

/// Scrolls the list so that the room that is shown is in its middle, if it is cut off.
pub(super) fn show_current() {
    // After the rooms are drawn, and before the browser paints.
    request_animation_frame(scroll_to_current);
}

fn scroll_to_current() {
    let (Some(list), Some(current)) = (by_id::<HtmlElement>(LIST_ID), link("[aria-current]")) else { return };
    let (outer, inner) = (list.get_bounding_client_rect(), current.get_bounding_client_rect());
    let is_cut_above = list.scroll_top() > 0 && inner.top() < outer.top() + FADE_PX;
    if is_cut_above || inner.bottom() > outer.bottom() - FADE_PX {
        let above = (list.client_height() - current.offset_height()) / 2;
        list.set_scroll_top(current.offset_top() - list.offset_top() - above);
    }
}

fn filter() -> Option<HtmlInputElement> {
    by_id(FILTER_ID)
}

/// The first link of the list that a selector finds.
fn link(selector: &str) -> Option<HtmlElement> {
    by_id::<HtmlElement>(LIST_ID)?.query_selector(selector).ok()??.dyn_into().ok()
}
