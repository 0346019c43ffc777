//! How a WebSocket connection ends. `connection` decides which way.

use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::socket::Socket;

/// A way to end.
pub(super) enum End {
    /// The peer has gone, or can't be written to: nothing is sent.
    Gone,
    /// The peer sent a close frame, which is answered.
    Goodbye,
    /// The peer is sent a close frame with this code and reason.
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
