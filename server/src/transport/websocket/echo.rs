//! A WebSocket that echoes a few short messages, which the doctor uses to check that WebSockets pass the proxy. It needs no
//! session and has no access to the chat. Called by http, which bounds the number of echoes in progress.

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

/// The subprotocol of an echo. The path is that of Hubbub's other WebSockets, so that the same proxy rules apply.
pub const PROBE_SUBPROTOCOL: &str = "hubbub.probe";

/// The number of messages that are echoed. Then the socket is closed.
const MAX_MESSAGES: usize = 4;
/// The longest message that is echoed. A longer one ends the connection.
const MAX_MESSAGE_BYTES: usize = 1024;
/// The connection ends after this time in any case.
const ECHO_TIMEOUT: Duration = Duration::from_secs(10);

/// Whether a handshake asks for an echo.
#[must_use]
pub fn asks_for_echo(headers: &HeaderMap) -> bool {
    offers(headers, PROBE_SUBPROTOCOL)
}

/// Returns the response to the handshake. After status 101, a task serves the echo, and drops `permit` when it ends.
pub fn echo<P: Send + 'static>(request: Request<Body>, permit: P) -> Response<Body> {
    match shake_hands(request, PROBE_SUBPROTOCOL) {
        Ok((upgrade, response)) => {
            tokio::spawn(async move {
                // A timeout needs no handling: the socket is dropped.
                let _ = timeout(ECHO_TIMEOUT, echo_messages(upgrade)).await;
                drop(permit);
            });
            response
        }
        Err(refused) => *refused,
    }
}

/// Echoes up to [`MAX_MESSAGES`] text messages, and closes the socket. Ends early at any other message.
async fn echo_messages(upgrade: Upgrade) {
    let Some((stream, read_already)) = upgrade.upgraded().await else { return };
    let config = WebSocketConfig::default()
        .read_buffer_size(MAX_MESSAGE_BYTES)
        .max_message_size(Some(MAX_MESSAGE_BYTES))
        .max_frame_size(Some(MAX_MESSAGE_BYTES));
    let mut socket = WebSocketStream::from_partially_read(stream, read_already, Role::Server, Some(config)).await;
    for _ in 0..MAX_MESSAGES {
        let Some(Ok(Message::Text(message))) = socket.next().await else { break };
        if socket.send(Message::Text(message)).await.is_err() {
            break;
        }
    }
    // An error means that the connection has ended already.
    let _ = socket.close(None).await;
}
