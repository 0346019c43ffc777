//! The ways in which a WebSocket connection ends, and the last frame for each. `connection` chooses one.

use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::socket::Socket;

/// A way to end a connection.
pub(super) enum End {
    /// The connection is broken, or the peer takes no bytes. Nothing is sent.
    Gone,
    /// The peer sent a close frame. The server answers it with a close frame.
    Goodbye,
    /// The server sends a close frame with this code and reason.
    Told(CloseCode, &'static str),
}

impl End {
    /// Sends the last frame, if there is one, and closes the socket.
    pub(super) async fn say(self, socket: Socket) {
        match self {
            Self::Gone => {}
            Self::Goodbye => socket.answer_goodbye().await,
            Self::Told(code, reason) => socket.close(code, reason).await,
        }
    }
}
