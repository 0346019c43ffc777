//! The island: takes what the server rendered, and in the browser hands it to `live`. Called by `pages::room`.

use leptos::prelude::*;

use super::composer::Composer;
use super::first_paint::FirstPaint;
use super::new_room::NewRoom;
use super::people::People;
use super::room_head::RoomHead;
use super::screen::{Panel, Screen};
use super::sidebar::Sidebar;
use super::timeline::Timeline;
use super::typing::Typing;
use crate::live;

/// A room, its neighbours and the people in it.
#[island]
pub(crate) fn Chat(paint: FirstPaint) -> impl IntoView {
    let opened = paint.open();
    let you = opened.engine.you().clone();
    let screen = Screen::new(&opened);
    provide_context(screen);
    // Effects run in a browser only, once everything stands.
    let mut engine = Some(opened.engine);
    Effect::new(move |_| {
        if let Some(engine) = engine.take() {
            screen.scroll.start();
            live::start(engine, screen);
        }
    });
    let close_panel = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            screen.panel.set(Panel::None);
        }
    };
    view! {
        <div class="chat" data-panel=Signal::derive(move || screen.panel.get().name().to_owned()) on:keydown=close_panel>
            <Sidebar you />
            <main class="room" id="main" tabindex="-1">
                <RoomHead />
                <Timeline />
                <Typing />
                <Composer form_id=paint.form_id refused=paint.body />
            </main>
            <People />
            <NewRoom name=paint.name topic=paint.topic />
        </div>
    }
}
