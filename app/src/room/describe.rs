//! The dialog in which the person who made a room changes its name and topic. Called by `later`; `room_head` has the
//! button.

use hubbub_protocol::Refusal;
use hubbub_protocol::text::{RoomName, Topic};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

use crate::state::{Command, Commands, Screen};
use crate::ui::show_while;

/// The dialog.
#[component]
pub(super) fn DescribeRoom() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let commands = expect_context::<Commands>();
    let is_open = screen.is_describing;
    let error = RwSignal::new(String::new());
    let (name, topic) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    // The dialog opens with the name and the topic that the room has.
    let element = show_while(
        move || is_open.get(),
        move || {
            let room = screen.room.get_untracked();
            for (input, text) in [(name, room.name), (topic, room.topic)] {
                input.get_untracked().iter().for_each(|input| input.set_value(&text));
            }
            error.set(String::new());
        },
    );
    let typed = |input: NodeRef<html::Input>| input.get_untracked().map(|input| input.value()).unwrap_or_default();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match (RoomName::parse(&typed(name)), Topic::parse(&typed(topic))) {
            (Ok(name), Ok(topic)) => {
                commands.give(Command::Describe { name, topic });
                is_open.set(false);
            }
            (Err(why), _) | (_, Err(why)) => error.set(Refusal::from(why).to_string()),
        }
    };
    view! {
        <dialog class="dialog" aria-labelledby="describe-title" node_ref=element on:close=move |_| is_open.set(false)>
            <h2 class="dialog-title" id="describe-title">"Name and topic"</h2>
            <form class="dialog-form" novalidate on:submit=submit>
                <label class="field">
                    <span class="field-label">"Room name"</span>
                    <input class="field-input" autocomplete="off" node_ref=name />
                </label>
                <label class="field">
                    <span class="field-label">"Topic"</span>
                    <input class="field-input" autocomplete="off" node_ref=topic />
                </label>
                <p class="field-error" role="alert">{move || error.get()}</p>
                <div class="dialog-actions">
                    <button class="button" type="button" on:click=move |_| is_open.set(false)>"Cancel"</button>
                    <button class="button button-primary">"Save"</button>
                </div>
            </form>
        </dialog>
    }
}
