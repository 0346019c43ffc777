//! The page of a room. It reads the room's data and draws the island from it. Called by `routes`.

use hubbub_protocol::{Refusal, Slug};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::error::Failure;
use super::not_found::NotFound;
use crate::backend::{RoomPage, SharedBackend};
use crate::island::PaintedChat;
use crate::room::ReconnectFrame;
use crate::room::wording::title;
use crate::ui::SkipLink;

/// The page of a room. A visitor without a name is sent to the start page and comes back after giving one.
#[component]
pub(crate) fn Room() -> impl IntoView {
    let backend = expect_context::<SharedBackend>();
    let slug = Slug::from(use_params_map().with_untracked(|params| params.get("slug").unwrap_or_default()));
    if backend.visitor().is_none() {
        let at = backend.wanted_message().map(|message| format!("&at={message}")).unwrap_or_default();
        backend.redirect(&format!("/?room={slug}{at}"));
        return Either::Left(());
    }
    Either::Right(Suspend::new(async move {
        match backend.room(slug).await {
            Ok(page) => view! { <Present page /> }.into_any(),
            Err(Refusal::NotFound) => view! { <NotFound /> }.into_any(),
            Err(refusal) => view! { <Failure refusal /> }.into_any(),
        }
    }))
}

#[component]
fn Present(page: RoomPage) -> impl IntoView {
    let asset_root = expect_context::<SharedBackend>().asset_root();
    let (room, after) = (page.room.slug.clone(), page.before_first());
    view! {
        <Title text=title(&page.room.name, 0) />
        <SkipLink to="message" words="Skip to your message" />
        <PaintedChat page />
        <noscript>
            <ReconnectFrame asset_root room after />
            <WithoutScript />
        </noscript>
    }
}

/// The note above a room in a browser without script. There, [`ReconnectFrame`] takes the place of the timeline.
#[component]
fn WithoutScript() -> impl IntoView {
    view! {
        <aside class="without-script" aria-label="Without script">
            <p>"Messages come by themselves, and come back when the connection does."</p>
            <a class="button-quiet" href="/new-room">"New room"</a>
        </aside>
    }
}
