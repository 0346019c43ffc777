//! Who is in the room. Called by `chat`.

use hubbub_protocol::Member;
use leptos::prelude::*;

use super::screen::Screen;
use crate::ui::Avatar;

/// The people, by name, or how many they are when that is all that is told.
#[component]
pub(super) fn People() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let count = Signal::derive(move || screen.present.with(|present| present.count.to_string()));
    let n_unnamed =
        move || screen.present.with(|present| (present.count as usize).saturating_sub(present.members.len()));
    let more = Signal::derive(move || format!("and {} more", n_unnamed()));
    let is_complete = Signal::derive(move || n_unnamed() == 0);
    view! {
        <aside class="people" id="people" aria-label="People in this room">
            <h2 class="people-title">"People " <span class="people-count">{count}</span></h2>
            <ul class="people-list" aria-label="People">
                <For each=move || screen.present.get().members key=|member| member.clone() let:member>
                    <Person member />
                </For>
            </ul>
            <p class="people-more" hidden=is_complete>{more}</p>
        </aside>
    }
}

#[component]
fn Person(member: Member) -> impl IntoView {
    let is_you = expect_context::<Screen>().you.with_value(|you| you.id == member.id);
    let name = member.name.clone();
    view! {
        <li class="people-item">
            <Avatar member />
            <span class="people-name">{name}</span>
            {is_you.then(|| view! { <span class="people-you">"you"</span> })}
        </li>
    }
}
