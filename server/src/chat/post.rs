//! Rule: what may be posted. Checked here, made durable by `commit`.

use std::time::Duration;

use hubbub_protocol::text::Body;
use hubbub_protocol::{MessageId, Refusal};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::shortcodes::with_emoji;
use super::{Ack, Chat, Membership, now};
use crate::store::Draft;

/// The longest wait for a commit. The post may be stored later: the response to the same id, sent again, tells.
const STALLED_AFTER: Duration = Duration::from_secs(5);

/// A post that waits for its commit, in order with the other posts.
pub struct PendingAck(oneshot::Receiver<Result<Ack, Refusal>>);

impl PendingAck {
    /// Waits for the commit. The post is committed even if this future is dropped.
    ///
    /// # Errors
    /// Why the post was not stored; [`Refusal::UnknownOutcome`] if the outcome is not known yet.
    pub async fn settled(self) -> Result<Ack, Refusal> {
        match timeout(STALLED_AFTER, self.0).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) | Err(_) => Err(Refusal::UnknownOutcome),
        }
    }
}

impl Chat {
    /// Posts a message. The same id with the same body again gets the first ack again. Posts of one caller are stored in the
    /// order of the calls.
    ///
    /// # Errors
    /// The fault of the body, [`Refusal::RateLimited`], or [`Refusal::Busy`] when the queue is full. Nothing is
    /// stored then.
    pub fn post(&self, membership: &Membership, id: MessageId, body: &str) -> Result<PendingAck, Refusal> {
        let body = with_emoji(Body::parse(body)?);
        let by = membership.member().id;
        self.limiters.take_post(membership.actor())?;
        let draft = Draft { room: membership.room(), by, id, body, at: now() };
        self.committer.enqueue(draft).map(PendingAck)
    }
}
