//! The page that creates a room without script, which the dialog in a room's page needs. Called by `routes`.

use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::SharedBackend;
use crate::form::{Form, RefusedForm};
use crate::ui::{Brand, Field, SkipLink};

/// The page that creates a room. A visitor without a name is sent to the start page.
#[component]
pub(crate) fn NewRoom() -> impl IntoView {
    let backend = expect_context::<SharedBackend>();
    if backend.visitor().is_none() {
        backend.redirect("/");
        return Either::Left(());
    }
    Either::Right(view! { <NewRoomForm refused=backend.refused_form() /> })
}

#[component]
fn NewRoomForm(refused: Option<RefusedForm>) -> impl IntoView {
    let refused = refused.filter(|refused| refused.form == Form::NewRoom);
    let [(name, name_error), (topic, topic_error)] = ["name", "topic"].map(|field| match &refused {
        Some(refused) => (refused.fields.get(field).to_owned(), refused.reason_at(field)),
        None => (String::new(), String::new()),
    });
    view! {
        <Title text="New room · Hubbub" />
        <SkipLink to="main" words="Skip to the content" />
        <main class="home" id="main" tabindex="-1">
            <header class="home-head">
                <Brand />
            </header>
            <section class="join">
                <h1 class="join-title">"New room"</h1>
                <p class="join-lead">"Everyone here can open it, read it and write in it."</p>
                <form class="new-room-form" method="post" action="/new-room">
                    <Field name="name" label="Room name" value=name hint="" error=Signal::stored(name_error) />
                    <Field
                        name="topic"
                        label="Topic"
                        value=topic
                        hint="What it is about, in a sentence. Optional."
                        error=Signal::stored(topic_error)
                    />
                    <div class="join-actions">
                        <button class="button button-primary">"Create"</button>
                        <a class="button" href="/">"Cancel"</a>
                    </div>
                </form>
            </section>
        </main>
    }
}
