//! Handles the forms of pages, with or without script. The response to an accepted form is 303 with the next address. The
//! response to a refused form is its page, with the text that was typed and the reason beside the field.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::rejection::RawFormRejection;
use axum::extract::{Path, RawForm, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use hubbub_app::form::{Fields, Form, RefusedForm};
use hubbub_protocol::text::{DisplayName, RoomName, Topic};
use hubbub_protocol::{MessageId, Operation, Refusal, Slug};

use super::body::read_form;
use crate::chat::Visitor;
use crate::http::address::Address;
use crate::http::pages::{FormRefusal, PageContext, Pages, encoded, fresh_message_id, room_path, room_uri};
use crate::http::visitor::MaybeVisitor;
use crate::http::{Site, cookie};

const LOBBY: &str = "lobby";
const NEW_ROOM: &str = "/new-room";

/// The body of a request that carries a form, or the error of axum's extractor.
pub(super) type FormBody = Result<RawForm, RawFormRejection>;

/// `POST /session`: starts a session under a name.
pub(in crate::http) async fn join(
    State(pages): State<Pages>,
    State(site): State<Arc<Site>>,
    MaybeVisitor(visitor): MaybeVisitor,
    Address(address): Address,
    body: FormBody,
) -> Response {
    match try_join(&site, visitor.as_ref(), address, body).await {
        Ok(response) => response,
        Err(refused) => {
            let wanted_room = Some(wanted_room(&refused.form.fields));
            let wanted_message = refused.form.fields.get("at").parse().ok();
            let context = PageContext { visitor, refused: Some(refused), wanted_room, wanted_message };
            pages.render(Uri::from_static("/"), context).await
        }
    }
}

async fn try_join(
    site: &Site,
    visitor: Option<&Visitor>,
    address: IpAddr,
    body: FormBody,
) -> Result<Response, FormRefusal> {
    let fields = read(Form::Join, body)?;
    let to_room = to_wanted(&fields);
    if visitor.is_some_and(|visitor| is_called(visitor, fields.get("name"))) {
        return Ok(to_room);
    }
    let joined = site.chat.join(fields.get("name"), address).await;
    let token = joined.map_err(|refusal| RefusedForm::new(Form::Join, fields, "name", refusal))?;
    // A person who joins under another name leaves under the first.
    if let Some(visitor) = visitor {
        end(site, visitor).await;
    }
    Ok(with_cookie(to_room, cookie::carrying(site, &token)))
}

/// `POST /session/end`: ends the session.
pub(in crate::http) async fn leave(State(site): State<Arc<Site>>, MaybeVisitor(visitor): MaybeVisitor) -> Response {
    if let Some(visitor) = visitor {
        end(&site, &visitor).await;
    }
    with_cookie(Redirect::to("/").into_response(), cookie::taken_back(&site))
}

/// `POST /rooms`, and `POST /new-room` without script: creates a room.
pub(in crate::http) async fn create_room(
    State(pages): State<Pages>,
    State(site): State<Arc<Site>>,
    MaybeVisitor(visitor): MaybeVisitor,
    path: Uri,
    body: FormBody,
) -> Response {
    let Some(visitor) = visitor else { return Redirect::to("/").into_response() };
    match try_create_room(&site, &visitor, body).await {
        Ok(slug) => to_room(&slug),
        Err(refused) => {
            let context = PageContext { visitor: Some(visitor), refused: Some(refused), ..PageContext::default() };
            // The form is in the dialog of a room's page, or on a page of its own.
            let page = if path.path() == NEW_ROOM { NEW_ROOM } else { "/rooms/lobby" };
            pages.render(Uri::from_static(page), context).await
        }
    }
}

async fn try_create_room(site: &Site, visitor: &Visitor, body: FormBody) -> Result<Slug, FormRefusal> {
    let fields = read(Form::NewRoom, body)?;
    let (at, refusal) = match (RoomName::parse(fields.get("name")), Topic::parse(fields.get("topic"))) {
        (Ok(name), Ok(topic)) => match site.chat.create_room(visitor, name, topic).await {
            Ok(room) => return Ok(room.slug),
            Err(refusal) => ("name", refusal),
        },
        (Err(error), _) => ("name", Refusal::from(error)),
        (_, Err(error)) => ("topic", Refusal::from(error)),
    };
    Err(RefusedForm::new(Form::NewRoom, fields, at, refusal).into())
}

/// `POST /rooms/{slug}/messages`: posts a message without script. The form carries the id of its message, so that a form
/// that is sent twice posts once.
pub(in crate::http) async fn post_message(
    State(pages): State<Pages>,
    State(site): State<Arc<Site>>,
    MaybeVisitor(visitor): MaybeVisitor,
    Path(slug): Path<String>,
    body: FormBody,
) -> Response {
    let slug = Slug::from(slug);
    let Some(visitor) = visitor else { return Redirect::to(&format!("/?room={}", encoded(&slug))).into_response() };
    match try_post(&site, &visitor, &slug, body).await {
        Ok(()) => to_room(&slug),
        Err(refused) => {
            let context = PageContext { visitor: Some(visitor), refused: Some(refused), ..PageContext::default() };
            pages.render(room_uri(&slug), context).await
        }
    }
}

async fn try_post(site: &Site, visitor: &Visitor, slug: &Slug, body: FormBody) -> Result<(), FormRefusal> {
    let fields = read(Form::Post, body)?;
    let posted = post(site, visitor, slug, fields.get("id"), fields.get("body")).await;
    posted.map_err(|refusal| RefusedForm::new(Form::Post, fields, "body", refusal).into())
}

/// Reads the fields of a form. A body that axum doesn't read is refused too, with the status that axum gives it.
pub(super) fn read(form: Form, body: FormBody) -> Result<Fields, FormRefusal> {
    let rejection = match body {
        Ok(RawForm(bytes)) => return Ok(read_form(form, &bytes)?),
        Err(rejection) => rejection,
    };
    let status = rejection.status();
    let (at, refusal) = if status == StatusCode::PAYLOAD_TOO_LARGE {
        let (field, max_chars) = form.longest_field();
        (field, Refusal::TooLong { max: u32::try_from(max_chars).unwrap_or(u32::MAX) })
    } else {
        (form.typed_fields()[0], Refusal::BadFrame)
    };
    Err(FormRefusal { form: RefusedForm::new(form, Fields::default(), at, refusal), status })
}

fn wanted_room(fields: &Fields) -> Slug {
    let room = fields.get("room");
    Slug::from(if room.is_empty() { LOBBY.to_owned() } else { room.to_owned() })
}

async fn post(site: &Site, visitor: &Visitor, slug: &Slug, id: &str, body: &str) -> Result<(), Refusal> {
    // A form without an id posts each time that it is sent.
    let id = if id.is_empty() { fresh_message_id() } else { id.parse().map_err(|_| Refusal::BadFrame)? };
    let (membership, _) = site.chat.membership_by_slug(visitor, slug).await?;
    // A browser sends the line ends of a form as CR LF (HTML, "constructing the entry list").
    let post = Operation::Post { body: body.replace("\r\n", "\n"), reply_to: None };
    site.chat.operate(&membership, id.into(), post)?.settled().await?;
    Ok(())
}

async fn end(site: &Site, visitor: &Visitor) {
    // The store's failure is logged. The response deletes the cookie anyway, and the session ends when it expires.
    let _ = site.chat.leave(visitor).await;
    site.hub.connections.end_session(visitor.session());
}

fn is_called(visitor: &Visitor, name: &str) -> bool {
    let held = DisplayName::parse(&visitor.member().name).map(|name| name.key());
    DisplayName::parse(name).map(|name| name.key()) == held
}

/// Leads to the room, and to the message in it, that the visitor asked for before having a name.
fn to_wanted(fields: &Fields) -> Response {
    let path = room_path(&wanted_room(fields));
    match fields.get("at").parse::<MessageId>() {
        Ok(message) => Redirect::to(&format!("{path}?at={message}")).into_response(),
        Err(_) => Redirect::to(&path).into_response(),
    }
}

fn to_room(slug: &Slug) -> Response {
    Redirect::to(&room_path(slug)).into_response()
}

fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
