//! The rooms there are, and who one is. Called by `chat`.

use hubbub_protocol::RoomInfo;
use leptos::prelude::*;

use super::new_room::open_dialog;
use super::row_list::RowList;
use super::screen::Screen;
use crate::live::navigation;
use crate::ui::{Avatar, Brand, ThemeSwitch};

/// The sidebar.
#[component]
pub(super) fn Sidebar() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let you = screen.read(|shown| shown.you.clone());
    let name = you.name.clone();
    view! {
        <aside class="sidebar" id="rooms" aria-label="Hubbub">
            <header class="sidebar-head">
                <Brand />
                <ThemeSwitch />
            </header>
            <nav class="rooms" aria-label="Rooms">
                <h2 class="rooms-title">"Rooms"</h2>
                <ul>
                    <RowList rows=screen.rooms />
                </ul>
                <button class="button-quiet rooms-new" type="button" aria-haspopup="dialog" on:click=move |_| open_dialog()>
                    "New room"
                </button>
            </nav>
            <footer class="you">
                <Avatar member=you />
                <span class="you-name">{name}</span>
                <form method="post" action="/session/end">
                    <button class="button-quiet you-leave">"Leave"</button>
                </form>
            </footer>
        </aside>
    }
}

/// A room in the list.
#[component]
pub(super) fn RoomLink(room: RoomInfo) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let id = room.id;
    let name = room.name.clone();
    let address = navigation::address(&room);
    let is_shown = screen.flag_of(id, |shown, id| shown.room.id == id);
    let current = Signal::derive(move || is_shown.get().map(|_| "page".to_owned()));
    let unread = screen.flag_of(id, |shown, id| shown.unread.contains(&id));
    let mark = move || unread.get().map(|_| view! { <UnreadMark /> });
    let go = move |event| navigation::on_click(&event, &room, screen);
    view! {
        <li>
            <a class="rooms-link" href=address aria-current=current data-unread=unread on:click=go>
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
