//! One WebSocket. Called by `transport`, which reads its events; this file knows only how it is opened, used and closed.

use js_sys::Function;
use leptos::prelude::location;
use web_sys::WebSocket;

const SUBPROTOCOL: &str = "hubbub.v1";

/// A connection. Dropped, it closes and no event of it is heard any more.
pub(crate) struct Socket(WebSocket);

impl Socket {
    /// Starts to connect; the listener hears of it later, never from within this call. `None` when the browser won't
    /// even try.
    pub(crate) fn open(listener: &Function) -> Option<Self> {
        let socket = WebSocket::new_with_str(&address(), SUBPROTOCOL).ok()?;
        listen(&socket, Some(listener));
        Some(Self(socket))
    }

    /// Whether it can be used.
    fn is_open(&self) -> bool {
        self.0.ready_state() == WebSocket::OPEN
    }

    /// Hands a text to the browser. What would be handed over while the socket closes is dropped (the browser would too,
    /// with an error in the console), and the close is reported.
    pub(crate) fn send(&self, text: &str) {
        if self.is_open() {
            let _ = self.0.send_with_str(text);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        listen(&self.0, None);
        // Fails only for a code, and none is given.
        let _ = self.0.close();
    }
}

/// An `error` says nothing that the `close` after it doesn't.
fn listen(socket: &WebSocket, listener: Option<&Function>) {
    socket.set_onopen(listener);
    socket.set_onmessage(listener);
    socket.set_onclose(listener);
}

fn address() -> String {
    let location = location();
    let scheme = if location.protocol().is_ok_and(|protocol| protocol == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}/ws", location.host().unwrap_or_default())
}
