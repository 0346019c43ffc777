//! What a tab says besides asking: one frame a request, answered with what answers it.

use std::net::IpAddr;
use std::sync::Arc;

use hubbub_protocol::{ClientFrame, Refusal, codec};
use uuid::Uuid;

use super::Tabs;
use crate::chat::Token;
use crate::hub::Frame;
use crate::transport::conversation::Heard;

impl Tabs {
    /// Does what a tab's frame asks for; a post is waited for until it is on the disk. Frames are heard one after the
    /// other, in the order in which they came. Dropping this takes nothing back that was heard, except that a room which
    /// was being joined is left.
    ///
    /// # Errors
    /// What is wrong with the frame; [`Refusal::RateLimited`]; [`Refusal::HelloExpected`] to a tab that is not known, and
    /// [`Refusal::SignedOut`] if the token opens no session.
    pub async fn say(
        self: &Arc<Self>,
        token: Token,
        address: IpAddr,
        tab: Uuid,
        text: String,
    ) -> Result<Vec<Frame>, Refusal> {
        let Some(tab) = self.find(&token, tab) else {
            return Err(self.why_not_heard(&token, address, &text).await);
        };
        let mut answer = Vec::new();
        let heard = {
            let talk = &mut *tab.talk.lock().await;
            talk.conversation.count_poll()?;
            talk.conversation.hear(&text, &mut answer).await?
        };
        // The next frame is heard while this one's commit is waited for.
        match heard {
            Heard::Posting(posting) => answer.push(Frame::from(&posting.settled().await)),
            Heard::Done | Heard::PostTooFast | Heard::ReadTooFast => {}
        }
        Ok(answer)
    }

    /// The same as a socket says on which there was no `hello` yet.
    async fn why_not_heard(&self, token: &Token, address: IpAddr, text: &str) -> Refusal {
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
