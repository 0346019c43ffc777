//! The start page: who the visitor is, and all rooms. Called by `routes`.

use leptos::prelude::*;
use leptos_meta::Title;

use super::error::Failure;
use super::join::Join;
use super::room_cards::RoomCards;
use crate::backend::{RoomLine, SharedBackend};
use crate::ui::{Brand, SkipLink, ThemeSwitch};

/// The start page.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let backend = expect_context::<SharedBackend>();
    Suspend::new(async move {
        match backend.rooms().await {
            Ok(rooms) => view! { <Start rooms /> }.into_any(),
            Err(refusal) => view! { <Failure refusal /> }.into_any(),
        }
    })
}

#[component]
fn Start(rooms: Vec<RoomLine>) -> impl IntoView {
    view! {
        <Title text="Hubbub" />
        <SkipLink to="main" words="Skip to the content" />
        <main class="home" id="main" tabindex="-1">
            <header class="home-head">
                <Brand />
                <ThemeSwitch />
            </header>
            <Join />
            <RoomCards rooms />
        </main>
    }
}
