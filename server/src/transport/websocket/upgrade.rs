//! From an HTTP request to a WebSocket, by the library's own handshake, so that the bare socket is ours afterwards and
//! none of HTTP's buffers stay behind. Called by http, which has checked the origin and looked up the session.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use hubbub_protocol::Refusal;
use tokio_tungstenite::tungstenite::handshake::server::create_response;

use super::connection::Connection;
use super::socket::Socket;
use crate::chat::{Chat, Visitor};
use crate::hub::{Feed, Hub};
use crate::transport::Upgrade;

/// The one version of what is said over the socket.
const SUBPROTOCOL: &str = "hubbub.v1";

/// Answers a request to open a socket, and serves the socket from then on.
///
/// # Errors
/// 426 to a request of another WebSocket version and 400 to one that is no handshake or names no subprotocol of ours;
/// 429 to one connection too many, and 401 to one whose session has ended since it was looked up.
pub fn upgrade(
    chat: &Arc<Chat>,
    hub: &Arc<Hub>,
    visitor: Visitor,
    address: IpAddr,
    request: Request<Body>,
) -> Response<Body> {
    let (upgrade, response) = match shake_hands(request, SUBPROTOCOL) {
        Ok(shaken) => shaken,
        Err(refused) => return *refused,
    };
    let admission = match hub.connections.admit(visitor.session(), Arc::clone(visitor.member()), address) {
        Ok(admission) => admission,
        Err(refusal @ Refusal::SignedOut) => return (StatusCode::UNAUTHORIZED, format!("{refusal}\n")).into_response(),
        Err(refusal) => return (StatusCode::TOO_MANY_REQUESTS, format!("{refusal}\n")).into_response(),
    };
    let feed = Feed::new(Arc::clone(hub), admission);
    let chat = Arc::clone(chat);
    tokio::spawn(async move {
        match upgrade.upgraded().await {
            Some((stream, read_already)) => {
                let socket = Box::pin(Socket::new(stream, read_already)).await;
                Connection::new(socket, chat, visitor, feed).run().await;
            }
            None => tracing::debug!("a socket went away while it was opened"),
        }
    });
    response
}

/// The library's half of the handshake: the socket that is to come, and the answer that lets it come; or the answer to
/// a request that asks for none, or for none of this subprotocol.
pub(super) fn shake_hands(
    request: Request<Body>,
    subprotocol: &'static str,
) -> Result<(Upgrade, Response<Body>), Box<Response<Body>>> {
    let (mut parts, _) = request.into_parts();
    let upgrade = parts.extensions.remove::<Upgrade>();
    let handshake = Request::from_parts(parts, ());
    if is_of_another_version(&handshake) {
        return refused((StatusCode::UPGRADE_REQUIRED, [(header::SEC_WEBSOCKET_VERSION, "13")]));
    }
    let (Some(upgrade), Ok(mut response)) = (upgrade, create_response(&handshake)) else {
        return refused((StatusCode::BAD_REQUEST, "This is where WebSockets connect.\n"));
    };
    if !offers(handshake.headers(), subprotocol) {
        return refused((StatusCode::BAD_REQUEST, format!("The subprotocol {subprotocol} is required.\n")));
    }
    response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(subprotocol));
    Ok((upgrade, response.map(|()| Body::empty())))
}

fn refused<T>(answer: impl IntoResponse) -> Result<T, Box<Response<Body>>> {
    Err(Box::new(answer.into_response()))
}

fn is_of_another_version(request: &Request<()>) -> bool {
    request.headers().get(header::SEC_WEBSOCKET_VERSION).is_some_and(|version| version != "13")
}

pub(super) fn offers(headers: &HeaderMap, subprotocol: &str) -> bool {
    let offers = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|offer| offer.to_str().ok());
    offers.flat_map(|offer| offer.split(',')).any(|offer| offer.trim() == subprotocol)
}
