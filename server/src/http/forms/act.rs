//! Handles the forms on a message's own page: answer, react, edit and delete without script. The response to an accepted
//! form is 303 to the page or to the room. The response to a refused form is the page, with the text that was typed and the
//! reason beside the field.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use hubbub_app::form::{Fields, Form, RefusedForm};
use hubbub_protocol::{MessageId, Operation, Refusal, Slug};

use super::submit::{FormBody, read};
use crate::chat::Visitor;
use crate::http::Site;
use crate::http::pages::{FormRefusal, PageContext, Pages, encoded, fresh_message_id, message_uri, room_path};
use crate::http::visitor::MaybeVisitor;

/// `POST /rooms/{slug}/messages/{message}/{act}`. Each form carries the id of its operation, so that a form that is sent
/// twice acts once.
pub(in crate::http) async fn act_on_message(
    State(pages): State<Pages>,
    State(site): State<Arc<Site>>,
    MaybeVisitor(visitor): MaybeVisitor,
    Path((slug, message, act)): Path<(String, String, String)>,
    body: FormBody,
) -> Response {
    let slug = Slug::from(slug);
    let (Ok(message), Some(form)) = (message.parse::<MessageId>(), form_of(&act)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(visitor) = visitor else { return Redirect::to(&format!("/?room={}", encoded(&slug))).into_response() };
    match try_act(&site, &visitor, &slug, message, form, body).await {
        Ok(()) if form == Form::Reply => Redirect::to(&room_path(&slug)).into_response(),
        Ok(()) => Redirect::to(&message_uri(&slug, message).to_string()).into_response(),
        Err(refused) => {
            let context = PageContext { visitor: Some(visitor), refused: Some(refused), ..PageContext::default() };
            pages.render(message_uri(&slug, message), context).await
        }
    }
}

fn form_of(act: &str) -> Option<Form> {
    Some(match act {
        "reply" => Form::Reply,
        "edit" => Form::Edit,
        "delete" => Form::Delete,
        "react" => Form::React,
        _ => return None,
    })
}

async fn try_act(
    site: &Site,
    visitor: &Visitor,
    slug: &Slug,
    message: MessageId,
    form: Form,
    body: FormBody,
) -> Result<(), FormRefusal> {
    let fields = read(form, body)?;
    let acted = act(site, visitor, slug, message, form, &fields).await;
    acted.map_err(|refusal| RefusedForm::new(form, fields, form.typed_fields()[0], refusal).into())
}

async fn act(
    site: &Site,
    visitor: &Visitor,
    slug: &Slug,
    message: MessageId,
    form: Form,
    fields: &Fields,
) -> Result<(), Refusal> {
    // A form without an id acts each time that it is sent.
    let id = fields.get("id");
    let id = if id.is_empty() { fresh_message_id() } else { id.parse().map_err(|_| Refusal::BadFrame)? };
    // A browser sends the line ends of a form as CR LF (HTML, "constructing the entry list").
    let text = |field| fields.get(field).replace("\r\n", "\n");
    let operation = match form {
        Form::Reply => Operation::Post { body: text("body"), reply_to: Some(message) },
        Form::Edit => Operation::Edit { message, body: text("text") },
        Form::Delete => Operation::Delete { message },
        Form::React => {
            Operation::React { message, emoji: fields.get("emoji").to_owned(), on: fields.get("on") != "false" }
        }
        Form::Join | Form::NewRoom | Form::Post => return Err(Refusal::UnknownType),
    };
    let (membership, _) = site.chat.membership_by_slug(visitor, slug).await?;
    site.chat.operate(&membership, id.into(), operation)?.settled().await?;
    Ok(())
}
