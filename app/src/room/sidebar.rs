//! The rooms there are, and who one is. Called by `chat`.

use hubbub_protocol::{Member, RoomInfo};
use leptos::prelude::*;

use super::new_room::open_dialog;
use super::screen::Screen;
use crate::live::navigation;
use crate::ui::{Avatar, Brand, ThemeSwitch};

/// The sidebar.
#[component]
pub(super) fn Sidebar(you: Member) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let name = you.name.clone();
    view! {
        <aside class="sidebar" id="rooms" aria-label="Rooms and you">
            <header class="sidebar-head">
                <Brand />
                <ThemeSwitch />
            </header>
            <nav class="rooms" aria-label="Rooms">
                <h2 class="rooms-title">"Rooms"</h2>
                <ul>
                    <For each=move || screen.rooms.get() key=|room| room.id let:room>
                        <li>
                            <RoomLink room />
                        </li>
                    </For>
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

#[component]
fn RoomLink(room: RoomInfo) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let id = room.id;
    let name = room.name.clone();
    let current = Signal::derive(move || screen.room.with(|shown| shown.id == id).then_some("page"));
    let is_unread = move || screen.unread.with(|unread| unread.contains(&id));
    let unread = Signal::derive(move || is_unread().then_some(""));
    let is_read = Signal::derive(move || !is_unread());
    view! {
        <a
            class="rooms-link"
            href=navigation::address(&room)
            aria-current=current
            data-unread=unread
            on:click=move |event| navigation::on_click(&event, &room, screen)
        >
            <span class="rooms-hash" aria-hidden="true">"#"</span>
            <span class="rooms-name">{name}</span>
            <span class="rooms-unread" hidden=is_read>
                <span class="visually-hidden">"unread"</span>
            </span>
        </a>
    }
}
