//! The part of the start page where a visitor gives a name, or goes on under the name that they have. Called by `home`.

use hubbub_protocol::{Member, Refusal};
use leptos::either::Either;
use leptos::prelude::*;

use crate::backend::SharedBackend;
use crate::form::{Form, RefusedForm};
use crate::ui::Field;

/// The form for a visitor without a name and for one whose form was refused; for any other, the ways on.
#[component]
pub(super) fn Join() -> impl IntoView {
    let backend = expect_context::<SharedBackend>();
    let refused = backend.refused_form().filter(|refused| refused.form == Form::Join);
    match backend.visitor() {
        Some(you) if refused.is_none() => Either::Left(view! { <Known you /> }),
        _ => Either::Right(view! { <JoinForm refused /> }),
    }
}

#[component]
fn JoinForm(refused: Option<RefusedForm>) -> impl IntoView {
    let backend = expect_context::<SharedBackend>();
    let error = refused.as_ref().map(|refused| refused.reason_at("name")).unwrap_or_default();
    let name = match refused {
        // The free name is one click away.
        Some(RefusedForm { refusal: Refusal::NameTaken { free }, .. }) => free,
        Some(refused) => refused.fields.get("name").to_owned(),
        None => String::new(),
    };
    let room = backend.wanted_room().map(|slug| slug.to_string()).unwrap_or_default();
    let at = backend.wanted_message();
    view! {
        <section class="join">
            <h1 class="join-title">"Say your name and talk"</h1>
            <p class="join-lead">"Open a room, type, and everyone in it reads it at once. No account, no password."</p>
            <form class="join-form" method="post" action="/session">
                <Field name="name" label="Your name" value=name hint="" error=Signal::stored(error) />
                <input type="hidden" name="room" value=room />
                {at.map(|at| view! { <input type="hidden" name="at" value=at.to_string() /> })}
                <button class="button button-primary">"Join"</button>
            </form>
        </section>
    }
}

#[component]
fn Known(you: Member) -> impl IntoView {
    let room = expect_context::<SharedBackend>().wanted_room();
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
