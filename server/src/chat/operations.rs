//! Rule: what a member may do in a room, and how often. The content is checked here, `decide` compares it with the rows,
//! and `commit` makes it durable.

use std::time::Duration;

use hubbub_protocol::limits::MAX_EMOJI_BYTES;
use hubbub_protocol::text::{Body, RoomName, Topic};
use hubbub_protocol::{OpId, Operation, Refusal};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::shortcodes::with_emoji;
use super::{Ack, Chat, Membership, now};
use crate::store::{Intent, Submitted};

/// The longest wait for a commit. The operation may be stored later: the response to the same id, sent again, tells.
const STALLED_AFTER: Duration = Duration::from_secs(5);

/// An operation that waits for its commit, in order with the other operations.
pub struct PendingAck(oneshot::Receiver<Result<Ack, Refusal>>);

impl PendingAck {
    /// Waits for the commit. The operation is committed even if this future is dropped.
    ///
    /// # Errors
    /// Why the operation was not carried out; [`Refusal::UnknownOutcome`] if the outcome is not known yet.
    pub async fn settled(self) -> Result<Ack, Refusal> {
        match timeout(STALLED_AFTER, self.0).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) | Err(_) => Err(Refusal::UnknownOutcome),
        }
    }
}

impl Chat {
    /// Carries out an operation. The same id with the same content again gets the first ack again. Operations of one
    /// caller are committed in the order of the calls.
    ///
    /// # Errors
    /// The fault of the content, [`Refusal::RateLimited`], or [`Refusal::Busy`] when the queue is full. Nothing is
    /// stored then.
    pub fn operate(&self, membership: &Membership, op: OpId, operation: Operation) -> Result<PendingAck, Refusal> {
        let intent = parse(operation)?;
        match intent {
            Intent::Post { .. } => self.limiters.take_post(membership.actor())?,
            Intent::Edit { .. }
            | Intent::Delete { .. }
            | Intent::React { .. }
            | Intent::Pin { .. }
            | Intent::Describe { .. } => self.limiters.take_change(membership.actor())?,
        }
        let submitted = Submitted { room: membership.room(), op, by: membership.member().id, at: now(), intent };
        self.committer.enqueue(submitted).map(PendingAck)
    }
}

/// Checks the content of an operation.
fn parse(operation: Operation) -> Result<Intent, Refusal> {
    Ok(match operation {
        Operation::Post { body, reply_to } => Intent::Post { body: with_emoji(Body::parse(&body)?), reply_to },
        Operation::Edit { message, body } => Intent::Edit { message, body: with_emoji(Body::parse(&body)?) },
        Operation::Delete { message } => Intent::Delete { message },
        Operation::React { message, emoji, on } => {
            let emoji = known_emoji(&emoji)?;
            Intent::React { message, emoji: emoji.as_str(), name: emoji.name(), on }
        }
        Operation::Pin { message, on } => Intent::Pin { message, on },
        Operation::Describe { name, topic } => {
            Intent::Describe { name: RoomName::parse(&name)?, topic: Topic::parse(&topic)? }
        }
        Operation::Unknown => return Err(Refusal::UnknownType),
    })
}

/// Returns the emoji of Unicode that a text consists of.
fn known_emoji(text: &str) -> Result<&'static emojis::Emoji, Refusal> {
    let is_short = text.len() <= MAX_EMOJI_BYTES;
    is_short.then(|| emojis::get(text)).flatten().ok_or(Refusal::NotAnEmoji)
}
