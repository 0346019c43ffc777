//! Turns an HTTP request into a WebSocket. The handshake is tungstenite's. Afterwards the connection has the bare TCP
//! stream, without the HTTP connection's buffers. Called by http, which has checked the origin and looked up the
//! session.

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

/// The subprotocol of Hubbub's clients. There is one version of it.
const SUBPROTOCOL: &str = "hubbub.v1";

/// Returns the response to a handshake. After status 101, a task of its own serves the connection.
///
/// # Errors
/// Status 426 for another WebSocket version; 400 for a request that is no handshake or doesn't offer `hubbub.v1`;
/// 429 if the member or the address has too many connections; 401 if the session has ended since its lookup.
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
                // In a task of its own, so that the memory of the handshake's task is freed.
                tokio::spawn(Connection::new(socket, chat, visitor, feed).run());
            }
            None => tracing::debug!("a connection ended during its WebSocket handshake"),
        }
    });
    response
}

/// Checks a handshake for one subprotocol. Returns the TCP connection to take over, and the response with status 101,
/// which must be sent first.
///
/// # Errors
/// The response to send instead: 426 for another WebSocket version, 400 for a request that is no handshake or doesn't
/// offer the subprotocol.
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

/// Whether `Sec-WebSocket-Protocol` names a subprotocol.
pub(super) fn offers(headers: &HeaderMap, subprotocol: &str) -> bool {
    let offers = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|offer| offer.to_str().ok());
    offers.flat_map(|offer| offer.split(',')).any(|offer| offer.trim() == subprotocol)
}
