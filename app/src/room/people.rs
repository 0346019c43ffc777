//! The people in the room. On a narrow window the list is a drawer. Called by `layout`.

use hubbub_protocol::Member;
use leptos::prelude::*;

use super::drawer::{CloseDrawer, drawer_id};
use crate::state::Screen;
use crate::state::screen::Side;
use crate::ui::Avatar;

/// The list of people, or their number where the server doesn't list so many.
#[component]
pub(super) fn People() -> impl IntoView {
    let present = expect_context::<Screen>().present;
    let n_unlisted = move || {
        let present = present.read();
        present.count.saturating_sub(u32::try_from(present.members.len()).unwrap_or(u32::MAX))
    };
    view! {
        <div class="people" id=drawer_id(Side::People) role="complementary" aria-label="People in this room">
            <div class="people-head">
                <h2 class="people-title">
                    "People " <span class="people-count">{move || present.read().count.to_string()}</span>
                </h2>
                <CloseDrawer />
            </div>
            <ul class="people-list" aria-label="People">
                <For each=move || present.read().members.clone() key=|member| member.id let:member>
                    <Person member />
                </For>
            </ul>
            <p class="people-more" hidden=move || n_unlisted() == 0>
                {move || format!("and {} more", n_unlisted())}
            </p>
        </div>
    }
}

#[component]
fn Person(member: Member) -> impl IntoView {
    let screen = expect_context::<Screen>();
    let is_you = screen.you.with_value(|you| you.id == member.id);
    let name = member.name.clone();
    view! {
        <li class="people-item">
            <Avatar member />
            <span class="people-name">{name}</span>
            {is_you.then(|| view! { <span class="people-you">"you"</span> })}
        </li>
    }
}
