//! The list of rooms, and who the reader is. Called by `layout`.

use leptos::prelude::*;

use super::new_room::open_dialog;
use super::room_link::RoomLink;
use crate::state::Screen;
use crate::ui::{Avatar, Brand, ThemeSwitch};

/// The sidebar.
#[component]
pub(super) fn Sidebar() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let you = screen.you.get_value();
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
                    <For each=move || screen.rooms.get() key=|room| room.id let:room>
                        <RoomLink room />
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
