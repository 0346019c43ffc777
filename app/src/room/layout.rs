//! The parts of the room's page, and the sides that open over it on a narrow window. Called by the island.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::composer::Composer;
use super::drawer;
use super::new_room::NewRoom;
use super::page_events;
use super::people::People;
use super::room_head::RoomHead;
use super::sidebar::Sidebar;
use super::timeline::Timeline;
use super::typing::Typing;
use super::wording::title;
use crate::browser::once_live;
use crate::state::Screen;
use crate::state::first_paint::FirstPaint;
use crate::state::later::Later;
use crate::state::screen::Side;

/// The page, drawn from the signals in the context. Of the first paint it needs what forms contain.
#[component]
pub(crate) fn RoomView(paint: FirstPaint) -> impl IntoView {
    let screen = expect_context::<Screen>();
    Effect::new(move |_| document().set_title(&title(&screen.room.read().name, screen.unseen.read().n_messages)));
    let later = expect_context::<Later>();
    once_live(move || page_events::listen(screen, later));
    let close_on_escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            drawer::close(screen);
        }
    };
    // The veil around an open side is this element. A click elsewhere has another target.
    let close_on_veil = move |event: MouseEvent| {
        if event.target() == event.current_target() {
            drawer::close(screen);
        }
    };
    let open_side = move || match screen.side.get() {
        None => "none",
        Some(Side::Rooms) => "rooms",
        Some(Side::People) => "people",
    };
    view! {
        <div class="chat" data-panel=open_side on:keydown=close_on_escape on:click=close_on_veil>
            <Sidebar />
            <main class="room" id="main">
                <RoomHead />
                <Timeline />
                <Typing />
                {move || later.has_failed().then(|| view! {
                    <p class="load-error" role="alert">
                        "Some buttons could not be loaded. They come when the server can be reached. If not, reload the page."
                    </p>
                })}
                <Composer form_id=paint.form_id refused=paint.body />
            </main>
            <People />
            <NewRoom name=paint.name topic=paint.topic />
            {move || later.parts().map(|parts| (parts.page)())}
        </div>
    }
}
