//! The sidebar: the list of rooms, and who the reader is. On a narrow window it is a drawer. Called by `layout`.

use leptos::prelude::*;

use super::drawer::{CloseDrawer, drawer_id};
use super::room_list::RoomList;
use crate::state::Screen;
use crate::state::screen::Side;
use crate::ui::{Avatar, Brand, DensitySwitch, ThemeSwitch};

/// The sidebar.
#[component]
pub(super) fn Sidebar() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let you = screen.you.get_value();
    let name = you.name.clone();
    view! {
        <div class="sidebar" id=drawer_id(Side::Rooms) role="complementary" aria-label="Rooms and you">
            <div class="sidebar-head">
                <Brand />
                <DensitySwitch />
                <ThemeSwitch />
                <CloseDrawer />
            </div>
            <RoomList />
            <div class="you">
                <Avatar member=you />
                <span class="you-name">{name}</span>
                <form method="post" action="/session/end">
                    <button class="button-quiet you-leave">"Leave"</button>
                </form>
            </div>
        </div>
    }
}
