//! How a connection ends. Decided by `connection`.

use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::socket::Socket;

/// See the module.
pub(super) enum End {
    /// The peer went, or can't be written to.
    Gone,
    /// The peer said goodbye.
    Goodbye,
    /// The peer is told to go.
    Told(CloseCode, &'static str),
}

impl End {
    /// Says what is left to say.
    pub(super) async fn say(self, socket: Socket) {
        match self {
            Self::Gone => {}
            Self::Goodbye => socket.answer_goodbye().await,
            Self::Told(code, reason) => socket.close(code, reason).await,
        }
    }
}
