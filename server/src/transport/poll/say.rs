//! Handles one frame that a polling tab sends, and returns the frames that respond to it.

use std::net::IpAddr;
use std::sync::Arc;

use hubbub_protocol::{ClientFrame, Refusal, codec};
use uuid::Uuid;

use super::tabs::Tabs;
use crate::chat::Token;
use crate::hub::Frame;
use crate::transport::frame_handler::Handled;

impl Tabs {
    /// Handles a frame, and returns the frames that respond to it; for a post, after its commit. The frames of a tab are
    /// handled one after the other, in the order of their arrival. Dropping this future undoes nothing, except that a
    /// room which was being joined is left.
    ///
    /// # Errors
    /// The fault of the frame; [`Refusal::RateLimited`]; [`Refusal::HelloExpected`] to an unknown tab, and
    /// [`Refusal::SignedOut`] if the token opens no session.
    pub async fn say(
        self: &Arc<Self>,
        token: Token,
        address: IpAddr,
        tab: Uuid,
        text: String,
    ) -> Result<Vec<Frame>, Refusal> {
        let Some(tab) = self.find(&token, tab) else {
            return Err(self.refusal_of_unknown_tab(&token, address, &text).await);
        };
        let mut frames = Vec::new();
        let handled = {
            let state = &mut *tab.state.lock().await;
            state.handler.count_poll()?;
            state.handler.handle(&text, &mut frames).await?
        };
        // The lock is released, so that the tab's next frame is handled during the commit.
        match handled {
            Handled::OperationPending(operation) => frames.push(operation.response().await),
            Handled::Done | Handled::OperationRateLimited | Handled::ReadRateLimited => {}
        }
        Ok(frames)
    }

    /// Returns the refusal of a frame for a tab that the server doesn't know. A WebSocket connection gives the same one
    /// before its `hello`.
    async fn refusal_of_unknown_tab(&self, token: &Token, address: IpAddr, text: &str) -> Refusal {
        match self.chat.visitor(token, address).await {
            Ok(Some(_)) => {}
            Ok(None) => return Refusal::SignedOut,
            Err(refusal) => return refusal,
        }
        match codec::decode_client(text) {
            Ok(ClientFrame::Unknown) => Refusal::UnknownType,
            Ok(_) => Refusal::HelloExpected,
            Err(error) => error.into(),
        }
    }
}
