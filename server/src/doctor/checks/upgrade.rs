//! Checks that WebSockets pass the proxy, by the server's echo on the path that clients use.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::super::client::{Client, Handshake, is_busy};
use super::super::connect::Wire;
use super::super::finding::{Finding, Mend};
use super::super::lines::UPGRADE;
use crate::transport::websocket::PROBE_SUBPROTOCOL;

const PATH: &str = "/ws";
const WORD: &str = "Do you hear me?";
const SAID_BACK_WITHIN: Duration = Duration::from_secs(8);
const MEANS: &str = "WebSockets don't pass, so everyone falls back to long polling, which costs the server more.";

/// Returns a fault if no WebSocket opens, or if a message is not echoed within [`SAID_BACK_WITHIN`].
pub(in crate::doctor) async fn check(client: &Client) -> Finding {
    let wrong = |seen: String| Finding::wrong(seen, MEANS, Mend::Proxy(&UPGRADE));
    match client.open(PATH, PROBE_SUBPROTOCOL).await {
        Handshake::Open(mut socket) => match timeout(SAID_BACK_WITHIN, is_said_back(&mut socket)).await {
            Ok(true) => Finding::Well("WebSockets pass".to_owned()),
            Ok(false) | Err(_) => wrong("a WebSocket opens, but what is said over it doesn't pass".to_owned()),
        },
        Handshake::Refused(status, headers) if is_busy(status, &headers) => Finding::busy(),
        Handshake::Refused(status, _) => wrong(format!(
            "a WebSocket was asked for with Upgrade, and {status} came: the Upgrade gets lost on the way"
        )),
        Handshake::Failed(error) => wrong(format!("a WebSocket was asked for with Upgrade, and {error}")),
    }
}

/// Sends [`WORD`] and returns whether the next message is the same text.
async fn is_said_back(socket: &mut WebSocketStream<Box<dyn Wire>>) -> bool {
    socket.send(Message::text(WORD)).await.is_ok()
        && matches!(socket.next().await, Some(Ok(Message::Text(back))) if back.as_str() == WORD)
}
