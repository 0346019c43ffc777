//! One connection of a crowd: its socket, how far it has come, and what it waits for. Only the crowd uses it.

use std::collections::VecDeque;
use std::io;

use anyhow::Result;

use super::asking::Asking;
use super::pilot::Pilot;
use crate::checker::Receiver;
use crate::frame::{self, Opcode};
use crate::poller::Poller;
use crate::socket::Socket;

pub(crate) struct Link {
    /// None where its requests are streams of a connection that it shares.
    pub(crate) socket: Option<Socket>,
    /// What it says goes over a second connection where the first is for asking. None before it has said anything.
    pub(crate) saying: Option<Box<Saying>>,
    /// What connections have carried over which it has said something and that are over.
    pub(crate) n_bytes_before: u64,
    /// Who it is in its requests; none over WebSocket.
    pub(crate) asking: Option<Box<Asking>>,
    pub(crate) stage: Stage,
    pub(crate) receiver: Receiver,
    /// The number of the message that it has posted and that holds back its next.
    pub(crate) in_flight: Option<u64>,
    pub(crate) pilot: Option<Box<Pilot>>,
}

/// A connection for what is said by requests.
pub(crate) struct Saying {
    pub(crate) socket: Socket,
    /// Requests that wait for their answers, oldest first: should the connection end, they are made again.
    pub(crate) unanswered: VecDeque<String>,
}

/// What a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Upgrade,
    /// The room's snapshot.
    Room,
    Live,
}

impl Link {
    pub(crate) fn say(&mut self, poller: &Poller, opcode: Opcode, payload: &[u8]) -> io::Result<()> {
        let mut bytes = Vec::new();
        frame::write_masked(opcode, payload, &mut bytes);
        self.socket().send(poller, &bytes)
    }

    /// That of a connection that has its own.
    pub(crate) fn socket(&mut self) -> &mut Socket {
        self.socket.as_mut().expect("only who asks over HTTP/2 has none, and has no bytes of its own")
    }

    /// What connections of its own have carried, both ways.
    pub(crate) fn n_bytes(&self) -> u64 {
        let saying = self.saying.as_ref().map_or(0, |saying| saying.socket.n_bytes());
        let asking = self.socket.as_ref().map_or(0, Socket::n_bytes);
        asking + self.n_bytes_before + saying
    }

    /// Lets the engine do something, if there is one, and sends what it wants sent.
    pub(crate) fn drive(&mut self, poller: &Poller, act: impl FnOnce(&mut Pilot) -> Result<Vec<String>>) -> Result<()> {
        let Some(pilot) = &mut self.pilot else { return Ok(()) };
        for payload in act(pilot)? {
            self.say(poller, Opcode::Text, payload.as_bytes())?;
        }
        Ok(())
    }
}
