//! The island: takes what the server rendered, and in the browser hands it to `live`. Called by `pages::room`.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::composer::{Composer, take_over};
use super::first_paint::FirstPaint;
use super::new_room::NewRoom;
use super::people::People;
use super::room_head::RoomHead;
use super::screen::Screen;
use super::shown::Panel;
use super::sidebar::Sidebar;
use super::timeline::Timeline;
use super::typing::Typing;
use crate::live;
use crate::ui::once_live;

/// A room, its neighbours and the people in it.
#[island]
pub(crate) fn Chat() -> impl IntoView {
    let paint = FirstPaint::of_page();
    let opened = paint.open();
    let screen = Screen::new(&opened, &paint.body.reason);
    provide_context(screen);
    once_live(move || {
        screen.scroll.start();
        take_over(screen);
        live::start(opened.engine, screen);
    });
    let close_on_escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            screen.open_panel(Panel::None);
        }
    };
    // Around an open side lies a veil, and it is this element: a click on anything else has another target.
    let close_on_veil = move |event: MouseEvent| {
        if event.target() == event.current_target() {
            screen.open_panel(Panel::None);
        }
    };
    let panel = screen.text(|shown| shown.panel.name().to_owned());
    view! {
        <div class="chat" data-panel=panel on:keydown=close_on_escape on:click=close_on_veil>
            <Sidebar />
            <main class="room" id="main" tabindex="-1">
                <RoomHead />
                <Timeline />
                <Typing />
                <Composer form_id=paint.form_id typed_before=paint.body.typed />
            </main>
            <People />
            <NewRoom name=paint.name topic=paint.topic />
        </div>
    }
}
