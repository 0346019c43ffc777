//! Checks that WebSockets pass the proxy, by the server's echo on the path that clients use.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::super::client::{Client, Handshake, is_busy};
use super::super::connect::ByteStream;
use super::super::finding::{Finding, Fix};
use super::super::proxy_fix::UPGRADE;
use crate::transport::websocket::PROBE_SUBPROTOCOL;

const PATH: &str = "/ws";
const MESSAGE: &str = "hubbub doctor";
const ECHO_TIMEOUT: Duration = Duration::from_secs(8);
const IMPACT: &str =
    "WebSockets don't work, so all clients use long polling, which is slower and costs the server more.";

/// Returns a fault if no WebSocket opens, or if a message is not echoed within [`ECHO_TIMEOUT`].
pub(in crate::doctor) async fn check(client: &Client) -> Finding {
    let failed = |observed: String| Finding::failed(observed, IMPACT, Fix::Proxy(&UPGRADE));
    match client.open(PATH, PROBE_SUBPROTOCOL).await {
        Handshake::Open(mut socket) => match timeout(ECHO_TIMEOUT, is_echoed(&mut socket)).await {
            Ok(true) => Finding::Passed("WebSockets pass".to_owned()),
            Ok(false) | Err(_) => failed("a WebSocket opens, but its messages don't pass the proxy".to_owned()),
        },
        Handshake::Refused(status, headers) if is_busy(status, &headers) => Finding::busy(),
        Handshake::Refused(status, _) => {
            failed(format!("the response to a WebSocket request is {status}: the proxy drops the Upgrade header"))
        }
        Handshake::Failed(error) => failed(format!("a WebSocket request failed: {error}")),
    }
}

/// Sends [`MESSAGE`] and returns whether the next message is the same text.
async fn is_echoed(socket: &mut WebSocketStream<Box<dyn ByteStream>>) -> bool {
    socket.send(Message::text(MESSAGE)).await.is_ok()
        && matches!(socket.next().await, Some(Ok(Message::Text(back))) if back.as_str() == MESSAGE)
}
