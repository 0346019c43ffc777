//! The ways in which a WebSocket connection ends, and the last frame for each. `connection` chooses one.

use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::socket::Socket;

/// How a connection ends.
pub(super) enum ConnectionEnd {
    /// The connection is broken, or the client takes no bytes. The server sends nothing.
    Broken,
    /// The client sent a close frame. The server answers with a close frame.
    ClosedByClient,
    /// The server sends a close frame with this code and reason.
    ClosedByServer(CloseCode, &'static str),
}

impl ConnectionEnd {
    /// Sends the close frame, if there is one, and closes the socket.
    pub(super) async fn close(self, socket: Socket) {
        match self {
            Self::Broken => {}
            Self::ClosedByClient => socket.answer_close().await,
            Self::ClosedByServer(code, reason) => socket.close(code, reason).await,
        }
    }
}
