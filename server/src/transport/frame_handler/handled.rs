//! The result of handling one frame of a client. Returned by `handler` and `rooms` to the transports.

use hubbub_protocol::{MessageId, Refusal, RoomId, ServerFrame};

use crate::chat::PendingAck;
use crate::hub::Frame;

/// The result of handling one frame of the client.
pub(in crate::transport) enum Handled {
    /// The frame was handled. Its responses, if any, were added.
    Done,
    /// A post was accepted. The transport waits for its commit while it handles other frames.
    PostPending(PendingPost),
    /// A post exceeds the rate limit. The refusal was added to the responses.
    PostRateLimited,
    /// A `join` or `history` exceeds the rate limit. The refusal was added to the responses.
    ReadRateLimited,
}

/// A post that was accepted and waits for its commit.
pub(in crate::transport) struct PendingPost {
    pub(super) room: RoomId,
    pub(super) id: MessageId,
    pub(super) ack: PendingAck,
}

impl PendingPost {
    /// Waits for the commit. Returns the `ack` of the post, or its refusal.
    pub(in crate::transport) async fn response(self) -> ServerFrame {
        let (room, id) = (self.room, self.id);
        match self.ack.settled().await {
            Ok(ack) => ServerFrame::Ack { room, id, seq: ack.seq, at: ack.at },
            Err(refusal) => ServerFrame::Refused { room, id, refusal },
        }
    }
}

/// Adds the refusal of a `join` or `history` to the responses.
pub(super) fn deny(room: RoomId, refusal: Refusal, responses: &mut Vec<Frame>) -> Handled {
    let handled = if is_rate_limit(&refusal) { Handled::ReadRateLimited } else { Handled::Done };
    responses.push(Frame::from(&ServerFrame::Denied { room, refusal }));
    handled
}

/// Adds the refusal of a post to the responses.
pub(super) fn refuse(room: RoomId, id: MessageId, refusal: Refusal, responses: &mut Vec<Frame>) -> Handled {
    let handled = if is_rate_limit(&refusal) { Handled::PostRateLimited } else { Handled::Done };
    responses.push(Frame::from(&ServerFrame::Refused { room, id, refusal }));
    handled
}

fn is_rate_limit(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::RateLimited { .. })
}
