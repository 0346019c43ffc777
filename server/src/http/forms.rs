//! What a page's forms do, with script or without: done, they answer 303 to where one goes on; refused, they answer the
//! page again with what was typed and why it was refused.

use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use hubbub_app::backend::{NewRoomField, RefusedForm};
use hubbub_protocol::text::{DisplayName, RoomName, Topic};
use hubbub_protocol::{MessageId, Refusal, Slug, UnixMillis};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::address::Address;
use super::pages::{Occasion, Pages};
use super::visitor::MaybeVisitor;
use super::{Site, cookie};
use crate::chat::Visitor;

const LOBBY: &str = "lobby";
const NEW_ROOM: &str = "/new-room";
/// A slug has letters and digits of any script, and hyphens.
const NOT_IN_A_PATH: AsciiSet = NON_ALPHANUMERIC.remove(b'-');

#[derive(Deserialize)]
pub(super) struct JoinForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    room: String,
}

/// `POST /session`: someone gives a name.
pub(super) async fn join(
    State(pages): State<Pages>,
    State(site): State<Arc<Site>>,
    MaybeVisitor(visitor): MaybeVisitor,
    Address(address): Address,
    Form(form): Form<JoinForm>,
) -> Response {
    let wanted_room = Slug::from(if form.room.is_empty() { LOBBY.to_owned() } else { form.room });
    if visitor.as_ref().is_some_and(|visitor| is_called(visitor, &form.name)) {
        return to_room(&wanted_room);
    }
    match site.chat.join(&form.name, address).await {
        Ok(token) => {
            // Who joins under another name is no longer who they were.
            if let Some(visitor) = visitor {
                end(&site, &visitor).await;
            }
            with_cookie(to_room(&wanted_room), cookie::carrying(&site, &token))
        }
        Err(refusal) => {
            let refused_form = Some(RefusedForm::Join { name: form.name, refusal });
            let occasion = Occasion { visitor, refused_form, wanted_room: Some(wanted_room) };
            pages.render(Uri::from_static("/"), occasion).await
        }
    }
}

/// `POST /session/end`: someone leaves.
pub(super) async fn leave(State(site): State<Arc<Site>>, MaybeVisitor(visitor): MaybeVisitor) -> Response {
    if let Some(visitor) = visitor {
        end(&site, &visitor).await;
    }
    with_cookie(Redirect::to("/").into_response(), cookie::taken_back(&site))
}

#[derive(Deserialize)]
pub(super) struct NewRoomForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    topic: String,
}

/// `POST /rooms`, and `/new-room` without script: someone creates a room.
pub(super) async fn create_room(
    State(pages): State<Pages>,
    State(site): State<Arc<Site>>,
    MaybeVisitor(visitor): MaybeVisitor,
    path: Uri,
    Form(form): Form<NewRoomForm>,
) -> Response {
    let Some(visitor) = visitor else { return Redirect::to("/").into_response() };
    let refused = match (RoomName::parse(&form.name), Topic::parse(&form.topic)) {
        (Ok(name), Ok(topic)) => match site.chat.create_room(&visitor, name, topic).await {
            Ok(room) => return to_room(&room.slug),
            Err(refusal) => (NewRoomField::Name, refusal),
        },
        (Err(error), _) => (NewRoomField::Name, Refusal::from(error)),
        (_, Err(error)) => (NewRoomField::Topic, Refusal::from(error)),
    };
    let (field, refusal) = refused;
    let refused_form = Some(RefusedForm::NewRoom { name: form.name, topic: form.topic, field, refusal });
    let occasion = Occasion { visitor: Some(visitor), refused_form, wanted_room: None };
    // The dialog of a room's page, or the page of the form alone: it comes back where it was.
    let page = if path.path() == NEW_ROOM { NEW_ROOM } else { "/rooms/lobby" };
    pages.render(Uri::from_static(page), occasion).await
}

#[derive(Deserialize)]
pub(super) struct PostForm {
    #[serde(default)]
    body: String,
    #[serde(default)]
    id: String,
}

/// `POST /rooms/{slug}/messages`: someone posts without script. The form carries its message's id, so that sending it
/// twice is sending it once.
pub(super) async fn post_message(
    State(pages): State<Pages>,
    State(site): State<Arc<Site>>,
    MaybeVisitor(visitor): MaybeVisitor,
    Path(slug): Path<String>,
    Form(form): Form<PostForm>,
) -> Response {
    let slug = Slug::from(slug);
    let Some(visitor) = visitor else { return Redirect::to(&format!("/?room={}", encoded(&slug))).into_response() };
    match post(&site, &visitor, &slug, &form.id, &form.body).await {
        Ok(()) => to_room(&slug),
        Err(refusal) => {
            let refused_form = Some(RefusedForm::Post { body: form.body, refusal });
            let occasion = Occasion { visitor: Some(visitor), refused_form, wanted_room: None };
            pages.render(room_path(&slug), occasion).await
        }
    }
}

/// An id for a form that is about to be shown.
pub(super) fn fresh_message_id() -> MessageId {
    let mut random = [0; 10];
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    // Without random bytes two forms of one millisecond share an id, and the second to be sent is told of a conflict.
    let _ = getrandom::fill(&mut random);
    MessageId::mint(UnixMillis(u64::try_from(now.as_millis()).unwrap_or(u64::MAX)), random)
}

async fn post(site: &Site, visitor: &Visitor, slug: &Slug, id: &str, body: &str) -> Result<(), Refusal> {
    // A form without an id is stored once each time that it is sent.
    let id = if id.is_empty() { fresh_message_id() } else { id.parse().map_err(|_| Refusal::BadFrame)? };
    let (membership, _) = site.chat.membership_by_slug(visitor, slug).await?;
    // A browser sends the line ends of a form as CR LF (HTML, "constructing the entry list").
    site.chat.post(&membership, id, &body.replace("\r\n", "\n"))?.settled().await?;
    Ok(())
}

async fn end(site: &Site, visitor: &Visitor) {
    // A store that fails has been logged; the cookie goes all the same, and the session ends when it expires.
    let _ = site.chat.leave(visitor).await;
    site.hub.connections.end_session(visitor.session());
}

fn is_called(visitor: &Visitor, name: &str) -> bool {
    let held = DisplayName::parse(&visitor.member().name).map(|name| name.key());
    DisplayName::parse(name).map(|name| name.key()) == held
}

fn to_room(slug: &Slug) -> Response {
    Redirect::to(&format!("/rooms/{}", encoded(slug))).into_response()
}

fn room_path(slug: &Slug) -> Uri {
    let path = format!("/rooms/{}", encoded(slug));
    path.parse().unwrap_or_else(|_| Uri::from_static("/rooms/lobby"))
}

pub(super) fn encoded(slug: &Slug) -> String {
    utf8_percent_encode(slug.as_str(), &NOT_IN_A_PATH).to_string()
}

fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
