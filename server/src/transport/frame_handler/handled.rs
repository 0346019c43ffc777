//! The result of handling one frame of a client. Returned by `handler` and `rooms` to the transports.

use hubbub_protocol::{Answer, OpId, Query, Refusal, RoomId, ServerFrame, StreamId};

use crate::chat::PendingAck;
use crate::hub::Frame;

/// The result of handling one frame of the client.
pub(in crate::transport) enum Handled {
    /// The frame was handled. Its responses, if any, were added.
    Done,
    /// An operation was accepted. The transport waits for its commit while it handles other frames.
    OperationPending(PendingOperation),
    /// An operation exceeds its rate limit. The refusal was added to the responses.
    OperationRateLimited,
    /// A `join` or `query` exceeds the rate limit. The refusal was added to the responses.
    ReadRateLimited,
}

/// An operation that was accepted and waits for its commit.
pub(in crate::transport) struct PendingOperation {
    pub(super) on: StreamId,
    pub(super) op: OpId,
    pub(super) ack: PendingAck,
}

impl PendingOperation {
    /// Waits for the commit. Returns the operation's `ack` or its refusal.
    pub(in crate::transport) async fn response(self) -> Frame {
        let (on, op) = (self.on, self.op);
        Frame::from(&match self.ack.settled().await {
            Ok(ack) => ServerFrame::Ack { on, op, seq: ack.seq, at: ack.at },
            Err(refusal) => ServerFrame::Refused { on, op, refusal },
        })
    }
}

/// Adds the refusal of a `join` to the responses.
pub(super) fn deny(room: RoomId, refusal: Refusal, responses: &mut Vec<Frame>) -> Handled {
    let handled = if is_rate_limit(&refusal) { Handled::ReadRateLimited } else { Handled::Done };
    responses.push(Frame::from(&ServerFrame::Denied { room, refusal }));
    handled
}

/// Adds the answer to a query to the responses.
pub(super) fn answer(room: RoomId, query: Query, answer: Answer, responses: &mut Vec<Frame>) -> Handled {
    let is_limited = matches!(&answer, Answer::Refused(refusal) if is_rate_limit(refusal));
    responses.push(Frame::from(&ServerFrame::Answer { room, query, answer }));
    if is_limited { Handled::ReadRateLimited } else { Handled::Done }
}

/// Adds the refusal of an operation to the responses.
pub(super) fn refuse(on: StreamId, op: OpId, refusal: Refusal, responses: &mut Vec<Frame>) -> Handled {
    let handled = if is_rate_limit(&refusal) { Handled::OperationRateLimited } else { Handled::Done };
    responses.push(Frame::from(&ServerFrame::Refused { on, op, refusal }));
    handled
}

fn is_rate_limit(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::RateLimited { .. })
}
