//! A message's own page, with forms to answer it, to react to it, and to edit and delete an own one. For browsers without
//! script, which reach it by the time of a message. Called by `routes`.

use hubbub_protocol::{Refusal, Slug};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::error::Failure;
use super::not_found::NotFound;
use crate::backend::{MessagePage, SharedBackend};
use crate::form::{Form, RefusedForm};
use crate::room::{LogDocument, composer::as_textarea_text};
use crate::ui::{Brand, SkipLink};

/// The emoji that a form without script offers. Any other can be typed.
const OFFERED: [&str; 6] = ["👍", "❤️", "😂", "🎉", "😮", "😢"];

/// The page. A visitor without a name is sent to the start page.
#[component]
pub(crate) fn Message() -> impl IntoView {
    let backend = expect_context::<SharedBackend>();
    let params = use_params_map().get_untracked();
    let slug = Slug::from(params.get("slug").unwrap_or_default());
    if backend.visitor().is_none() {
        backend.redirect(&format!("/?room={slug}"));
        return Either::Left(());
    }
    let message = params.get("message").and_then(|id| id.parse().ok());
    Either::Right(Suspend::new(async move {
        let page = match message {
            Some(message) => backend.message(slug, message).await,
            None => Err(Refusal::NoSuchMessage),
        };
        match page {
            Ok(page) => view! { <Present page /> }.into_any(),
            Err(Refusal::NotFound | Refusal::NoSuchMessage) => view! { <NotFound /> }.into_any(),
            Err(refusal) => view! { <Failure refusal /> }.into_any(),
        }
    }))
}

#[component]
fn Present(page: MessagePage) -> impl IntoView {
    let MessagePage { you, room, page, form_ids, refused_form } = page;
    let Some(message) = page.messages.first().cloned() else { return Either::Left(view! { <NotFound /> }) };
    let path = format!("/rooms/{}/messages/{}", room.slug, message.id);
    let back = format!("/rooms/{}", room.slug);
    let is_own = message.by.id == you.id && message.kind.is_text();
    let is_deleted = message.is_deleted();
    let title = format!("A message · {}", room.name);
    let [reply_id, edit_id, delete_id, react_id] = form_ids.map(|id| id.to_string());
    let mine: Vec<String> = page.mine.first().map(|own| own.emoji.clone()).unwrap_or_default();
    let text = message.body.clone();
    let refused = move |form| refused_form.clone().filter(|refused| refused.form == form);
    let shown = LogDocument::new("", room, you).message(&page);
    let forms = (!is_deleted).then(|| {
        view! {
            <TextForm
                action=format!("{path}/reply")
                id=reply_id
                field="body"
                label="Reply"
                text=String::new()
                button="Send reply"
                refused=refused(Form::Reply)
            />
            <ReactForm action=format!("{path}/react") id=react_id mine refused=refused(Form::React) />
            {is_own.then(|| view! {
                <TextForm
                    action=format!("{path}/edit")
                    id=edit_id
                    field="text"
                    label="Edit message"
                    text
                    button="Save"
                    refused=refused(Form::Edit)
                />
                <DeleteForm action=format!("{path}/delete") id=delete_id refused=refused(Form::Delete) />
            })}
        }
    });
    Either::Right(view! {
        <SkipLink to="main" words="Skip to the content" />
        <Title text=title />
        <main class="home" id="main" tabindex="-1">
            <header class="home-head">
                <Brand />
            </header>
            <h1 class="join-title">"A message"</h1>
            {shown}
            {forms}
            <a class="button" href=back>"Back to the room"</a>
        </main>
    })
}

#[component]
fn TextForm(
    action: String,
    id: String,
    field: &'static str,
    label: &'static str,
    text: String,
    button: &'static str,
    refused: Option<RefusedForm>,
) -> impl IntoView {
    let reason = refused.as_ref().map(|refused| refused.reason_at(field)).unwrap_or_default();
    let text = refused.map_or(text, |refused| refused.fields.get(field).to_owned());
    view! {
        <form class="message-form" method="post" action=action>
            <input type="hidden" name="id" value=id />
            <label class="field">
                <span class="field-label">{label}</span>
                <textarea class="field-input" name=field rows="3" dir="auto">{as_textarea_text(&text)}</textarea>
            </label>
            <p class="field-error" role="alert">{(!reason.is_empty()).then_some(reason)}</p>
            <button class="button button-primary">{button}</button>
        </form>
    }
}

#[component]
fn ReactForm(action: String, id: String, mine: Vec<String>, refused: Option<RefusedForm>) -> impl IntoView {
    let reason = refused.map(|refused| refused.reason_at("emoji")).unwrap_or_default();
    let others = OFFERED.into_iter().filter(|emoji| mine.iter().all(|own| own != emoji)).map(str::to_owned);
    let (others, taken_back): (Vec<String>, Vec<String>) = (others.collect(), mine);
    let add = others.into_iter().map(|emoji| {
        let label = format!("React with {emoji}");
        view! { <button class="reaction" name="emoji" value=emoji.clone() aria-label=label>{emoji.clone()}</button> }
    });
    let add = add.collect_view();
    let take_back = (!taken_back.is_empty()).then(|| {
        let buttons = taken_back.into_iter().map(|emoji| {
            let label = format!("Take back {emoji}");
            view! {
                <button class="reaction" aria-pressed="true" name="emoji" value=emoji.clone() aria-label=label>
                    {emoji.clone()}
                </button>
            }
        });
        view! {
            <form class="message-form" method="post" action=action.clone()>
                <input type="hidden" name="id" value=id.clone() />
                <input type="hidden" name="on" value="false" />
                <div class="reactions">{buttons.collect_view()}</div>
            </form>
        }
    });
    view! {
        <form class="message-form" method="post" action=action.clone()>
            <input type="hidden" name="id" value=id.clone() />
            <div class="reactions">{add}</div>
            <p class="field-error" role="alert">{(!reason.is_empty()).then_some(reason)}</p>
        </form>
        {take_back}
    }
}

#[component]
fn DeleteForm(action: String, id: String, refused: Option<RefusedForm>) -> impl IntoView {
    let reason = refused.map(|refused| refused.reason_at("delete")).unwrap_or_default();
    view! {
        <form class="message-form" method="post" action=action>
            <input type="hidden" name="id" value=id />
            <p class="field-error" role="alert">{(!reason.is_empty()).then_some(reason)}</p>
            <button class="button button-danger">"Delete message"</button>
        </form>
    }
}
