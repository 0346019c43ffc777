//! Who is in the room. Called by `chat`.

use hubbub_protocol::Member;
use leptos::prelude::*;

use super::row_list::RowList;
use super::screen::Screen;
use crate::ui::Avatar;

/// The people, by name, or how many they are when that is all that is told.
#[component]
pub(super) fn People() -> impl IntoView {
    let screen = expect_context::<Screen>();
    let count = screen.text(|shown| shown.n_present.to_string());
    let more = screen.text(|shown| format!("and {} more", shown.n_unnamed));
    let is_complete = screen.flag(|shown| shown.n_unnamed == 0);
    view! {
        <aside class="people" id="people" aria-label="People in this room">
            <h2 class="people-title">"People " <span class="people-count">{count}</span></h2>
            <ul class="people-list" aria-label="People">
                <RowList rows=screen.people />
            </ul>
            <p class="people-more" hidden=is_complete>{more}</p>
        </aside>
    }
}

/// Someone in the list.
#[component]
pub(super) fn Person(member: Member) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let is_you = screen.read(|shown| shown.you.id == member.id);
    let name = member.name.clone();
    view! {
        <li class="people-item">
            <Avatar member />
            <span class="people-name">{name}</span>
            {is_you.then(|| view! { <span class="people-you">"you"</span> })}
        </li>
    }
}
