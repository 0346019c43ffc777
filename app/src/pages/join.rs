//! Giving a name, or going on by the one that was given. Called by `home`.

use hubbub_protocol::{Member, Refusal};
use leptos::either::Either;
use leptos::prelude::*;

use crate::backend::{Door, RefusedForm};
use crate::ui::Field;

/// What of it fits the visitor.
#[component]
pub(super) fn Join() -> impl IntoView {
    match expect_context::<Door>().visitor() {
        Some(you) => Either::Left(view! { <Known you /> }),
        None => Either::Right(view! { <JoinForm /> }),
    }
}

#[component]
fn JoinForm() -> impl IntoView {
    let door = expect_context::<Door>();
    let (name, error) = match door.refused_form() {
        // The free variant is one click away.
        Some(RefusedForm::Join { refusal: Refusal::NameTaken { free }, .. }) => {
            (free.clone(), Refusal::NameTaken { free }.to_string())
        }
        Some(RefusedForm::Join { name, refusal }) => (name, refusal.to_string()),
        _ => (String::new(), String::new()),
    };
    let room = door.wanted_room().map(|slug| slug.to_string()).unwrap_or_default();
    view! {
        <section class="join">
            <h1 class="join-title">"Say your name and talk"</h1>
            <p class="join-lead">"Open a room, type, and everyone in it reads it at once. No account, no password."</p>
            <form class="join-form" method="post" action="/session">
                <Field name="name" label="Your name" value=name hint="" error=Signal::stored(error) />
                <input type="hidden" name="room" value=room />
                <button class="button button-primary">"Join"</button>
            </form>
        </section>
    }
}

#[component]
fn Known(you: Member) -> impl IntoView {
    let room = expect_context::<Door>().wanted_room();
    let (address, words) = match room {
        Some(slug) => (format!("/rooms/{slug}"), "Go on to the room"),
        None => ("/rooms/lobby".to_owned(), "Go to the lobby"),
    };
    view! {
        <section class="join">
            <h1 class="join-title">"Welcome back"</h1>
            <p class="join-known">"You are here as " <strong>{you.name}</strong> "."</p>
            <div class="join-actions">
                <a class="button button-primary" href=address>{words}</a>
                <form method="post" action="/session/end">
                    <button class="button">"Leave"</button>
                </form>
            </div>
        </section>
    }
}
