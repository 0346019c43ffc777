//! One connection of a crowd: its sockets, its stage, and the response that it waits for. Only the crowd uses it.

use std::collections::VecDeque;
use std::io;

use anyhow::Result;
use hubbub_protocol::{MessageId, OpId, Operation};

use super::pilot::Pilot;
use super::plan::Mix;
use super::requests::RequestWriter;
use crate::checker::{Receiver, SentAs};
use crate::frame::{self, Opcode};
use crate::poller::Poller;
use crate::socket::Socket;

/// One connection of a crowd.
pub(crate) struct Link {
    /// None over HTTP/2, where connections share sockets.
    pub(crate) socket: Option<Socket>,
    /// The second socket, for posts, where the first is for polls. None before the first post.
    pub(crate) posting: Option<Box<PostConnection>>,
    /// Bytes that closed sockets for posts have carried.
    pub(crate) n_bytes_before: u64,
    /// Writes the requests; None over WebSocket.
    pub(crate) requests: Option<Box<RequestWriter>>,
    pub(crate) stage: Stage,
    pub(crate) receiver: Receiver,
    /// The number of the message that was posted and must come back before the next may be.
    pub(crate) in_flight: Option<u64>,
    /// How many operations it has sent.
    pub(crate) n_sent: u32,
    /// The message that it posted last.
    pub(crate) own: Option<MessageId>,
    pub(crate) pilot: Option<Box<Pilot>>,
}

/// A socket over which a connection posts by requests.
pub(crate) struct PostConnection {
    pub(crate) socket: Socket,
    /// Requests without a response, oldest first. They are sent again when the socket closes.
    pub(crate) unanswered: VecDeque<String>,
}

/// What a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The response to its first request.
    Upgrade,
    /// The room's page, or what changed after its cursor.
    Room,
    /// Changes.
    Live,
}

/// The emoji of every reaction.
const EMOJI: &str = "👍";

impl Link {
    /// Returns the next operation: in a mix, two posts, then an edit of the second one and a reaction to it.
    pub(crate) fn next_operation(&mut self, mix: Mix, op: OpId, body: String) -> (SentAs, Operation) {
        let turn = if mix == Mix::Posts { 0 } else { self.n_sent % 4 };
        self.n_sent += 1;
        let (message, what) = match (turn, self.own) {
            (2, Some(message)) => (message, Operation::Edit { message, body }),
            (3, Some(message)) => (message, Operation::React { message, emoji: EMOJI.to_owned(), on: true }),
            _ => (op.into(), Operation::Post { body, reply_to: None }),
        };
        self.own = Some(message);
        (SentAs { op, message, is_reaction: matches!(what, Operation::React { .. }) }, what)
    }

    /// Sends a WebSocket frame.
    pub(crate) fn send(&mut self, poller: &Poller, opcode: Opcode, payload: &[u8]) -> io::Result<()> {
        let mut bytes = Vec::new();
        frame::write_masked(opcode, payload, &mut bytes);
        self.socket().send(poller, &bytes)
    }

    /// The socket of a connection that doesn't share one.
    pub(crate) fn socket(&mut self) -> &mut Socket {
        self.socket.as_mut().expect("a connection over HTTP/2 has no socket and receives no bytes of its own")
    }

    /// Bytes that its own sockets have carried, in both directions.
    pub(crate) fn n_bytes(&self) -> u64 {
        let posting = self.posting.as_ref().map_or(0, |posting| posting.socket.n_bytes());
        let first = self.socket.as_ref().map_or(0, Socket::n_bytes);
        first + self.n_bytes_before + posting
    }

    /// Calls the sync engine of the connection, if it has one, and sends the frames that the engine gives.
    pub(crate) fn drive(&mut self, poller: &Poller, act: impl FnOnce(&mut Pilot) -> Result<Vec<String>>) -> Result<()> {
        let Some(pilot) = &mut self.pilot else { return Ok(()) };
        for payload in act(pilot)? {
            self.send(poller, Opcode::Text, payload.as_bytes())?;
        }
        Ok(())
    }
}
