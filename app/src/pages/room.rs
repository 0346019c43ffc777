//! A room's page: its data in one piece, the rest is the island. Called by `routes`.

use hubbub_protocol::{Refusal, Slug};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::error::Failure;
use super::not_found::NotFound;
use crate::backend::{Door, RoomPage};
use crate::room::PaintedChat;
use crate::room::wording::title;

/// The page. Who has no name yet is sent to give one and comes back.
#[component]
pub(crate) fn Room() -> impl IntoView {
    let door = expect_context::<Door>();
    let slug = Slug::from(use_params_map().with_untracked(|params| params.get("slug").unwrap_or_default()));
    if door.visitor().is_none() {
        door.redirect(&format!("/?room={slug}"));
        return Either::Left(());
    }
    Either::Right(Suspend::new(async move {
        match door.room(slug).await {
            Ok(page) => view! { <Present page /> }.into_any(),
            Err(Refusal::NotFound) => view! { <NotFound /> }.into_any(),
            Err(refusal) => view! { <Failure refusal /> }.into_any(),
        }
    }))
}

#[component]
fn Present(page: RoomPage) -> impl IntoView {
    view! {
        <Title text=title(&page.room.name, 0) />
        <noscript>
            <p class="noscript">"Without JavaScript the room can be read and posted to; load the page again to see what is new."</p>
        </noscript>
        <PaintedChat page />
    }
}
