//! The room's island, where the views (`room`) and the driver (`live`) meet: the views draw the signals of `state`, and in
//! the browser the driver is started to set them. Called by `pages::room`.

use leptos::prelude::*;

use crate::backend::RoomPage;
use crate::browser::once_live;
use crate::live;
use crate::room::{RoomView, later};
use crate::state::emoji::EmojiList;
use crate::state::first_paint::{ELEMENT_ID, FirstPaint};
use crate::state::later::Later;
use crate::state::{Commands, Screen};

/// The island, and beside it the first paint that the browser starts it from.
#[component]
pub(crate) fn PaintedChat(page: RoomPage) -> impl IntoView {
    let paint = FirstPaint::from(page);
    let json = paint.to_json();
    provide_context(paint);
    view! {
        <Chat />
        <div id=ELEMENT_ID hidden data-paint=json></div>
    }
}

/// A room, the list of rooms and the people.
#[island]
fn Chat() -> impl IntoView {
    let paint = FirstPaint::of_page();
    let opened = paint.open();
    let screen = Screen::new(&opened);
    let (commands, receiver) = Commands::new();
    provide_context(screen);
    provide_context(commands);
    provide_context(EmojiList::new());
    provide_context(Later::new(later::load, screen, commands));
    once_live(move || {
        live::same_name::take_over(opened.engine.you());
        screen.scroll.start();
        live::start(opened.engine, screen, receiver);
    });
    view! { <RoomView paint /> }
}
