//! A socket that says back what it hears, for whoever wants to know whether sockets pass the proxy: it needs no session,
//! reaches nothing, and is over after a few words. Called by http, which bounds how many there are.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, Response};
use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::upgrade::{offers, shake_hands};
use crate::transport::Upgrade;

/// What a handshake offers that asks for this socket, on the path where the others are.
pub const PROBE_SUBPROTOCOL: &str = "hubbub.probe";

/// It says back so many messages.
const WORDS: usize = 4;
/// And no longer ones.
const WORD_BYTES: usize = 1024;
/// It is closed then, whatever was said.
const OVER_AFTER: Duration = Duration::from_secs(10);

/// Whether a request is for this socket.
#[must_use]
pub fn asks_for_echo(headers: &HeaderMap) -> bool {
    offers(headers, PROBE_SUBPROTOCOL)
}

/// Answers the request; the socket holds `permit` for as long as it lives.
pub fn echo<P: Send + 'static>(request: Request<Body>, permit: P) -> Response<Body> {
    match shake_hands(request, PROBE_SUBPROTOCOL) {
        Ok((upgrade, response)) => {
            tokio::spawn(async move {
                // A peer that says nothing, or goes away, has found out what it wanted.
                let _ = timeout(OVER_AFTER, say_back(upgrade)).await;
                drop(permit);
            });
            response
        }
        Err(refused) => *refused,
    }
}

async fn say_back(upgrade: Upgrade) {
    let Some((stream, read_already)) = upgrade.upgraded().await else { return };
    let config = WebSocketConfig::default()
        .read_buffer_size(WORD_BYTES)
        .max_message_size(Some(WORD_BYTES))
        .max_frame_size(Some(WORD_BYTES));
    let mut socket = WebSocketStream::from_partially_read(stream, read_already, Role::Server, Some(config)).await;
    for _ in 0..WORDS {
        let Some(Ok(Message::Text(word))) = socket.next().await else { break };
        if socket.send(Message::Text(word)).await.is_err() {
            break;
        }
    }
    // Whoever has gone needs no goodbye.
    let _ = socket.close(None).await;
}
