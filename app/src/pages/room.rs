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
    let live = format!("/rooms/{}/live", page.room.slug);
    view! {
        <Title text=title(&page.room.name, 0) />
        <PaintedChat page />
        <WithoutScript live />
    }
}

/// What takes the timeline's place in a browser without script: a frame that messages appear in as they come. One that
/// runs scripts doesn't load it. Should the server be away for long, the frame is left with the browser's own words, and
/// only a click brings it back; what is typed in the page around it is safe from all of that.
#[component]
fn WithoutScript(live: String) -> impl IntoView {
    view! {
        <noscript>
            <iframe class="live" name="messages" title="Messages" src=live.clone()></iframe>
            <aside class="without-script" aria-label="Without script">
                <p>
                    "Messages come by themselves. If they stop, " <a href=live target="messages">"ask for them again"</a> "."
                </p>
                <a class="button-quiet" href="/new-room">"New room"</a>
            </aside>
        </noscript>
    }
}
