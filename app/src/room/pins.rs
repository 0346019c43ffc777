//! The pinned messages of the room, which a button in the room's head shows. Called by `room_head`.

use std::sync::Arc;

use hubbub_protocol::MessageId;
use leptos::prelude::*;

use crate::room::wording::one_line;
use crate::state::rows::MessageRow;
use crate::state::{Command, Commands, Screen};
use crate::ui::{Glyph, Icon};

/// The button with the number of pins, and their list while it is open. Nothing without pins.
#[component]
pub(super) fn Pins() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let n_pins = Memo::new(move |_| screen.state.read().as_ref().map_or(0, |state| state.pins.len()));
    move || {
        (n_pins.get() > 0).then(|| view! {
            <details class="pins">
                <summary class="icon-button pins-open" aria-label=move || format!("Pinned messages, {}", n_pins.get())>
                    <Icon glyph=Glyph::Pin />
                    <span class="pins-count">{move || n_pins.get()}</span>
                </summary>
                <ul class="pins-list" aria-label="Pinned messages">
                    <For each=move || screen.pins.get() key=|row| row.id let:row>
                        <Pin row />
                    </For>
                </ul>
            </details>
        })
    }
}

#[component]
fn Pin(row: Arc<MessageRow>) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let id = row.id;
    let name = row.by.name.clone();
    let text = move || one_line(&row.shown.read().body);
    let address = move || pin_address(screen, id);
    let jump = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        commands.give(Command::JumpTo(id));
    };
    view! {
        <li class="pin">
            <a class="pin-link" href=address on:click=jump>
                <b class="message-author">{name}</b>
                <span class="pin-text">{text}</span>
            </a>
            <button
                class="button-quiet"
                type="button"
                on:click=move |_| commands.give(Command::Pin { message: id, on: false })
            >
                "Unpin"
            </button>
        </li>
    }
}

fn pin_address(screen: Screen, id: MessageId) -> String {
    format!("/rooms/{}?at={id}", screen.room.read().slug)
}
