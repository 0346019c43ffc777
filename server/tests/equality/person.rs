//! One tab of a member: its engine, its connection, and the operations that it keeps across a reload.

use std::collections::VecDeque;

use hubbub_client::{Action, Engine, Timeline, Unsent};
use hubbub_protocol::{ClientFrame, Member, RoomId, ServerFrame};
use uuid::Uuid;

use super::websocket::WebSocket;

pub(crate) struct Person {
    pub(crate) member: usize,
    pub(crate) engine: Engine,
    pub(crate) room: RoomId,
    pub(crate) connection: Option<Connection>,
    /// The operations that the tab has stored.
    stored: Vec<Unsent>,
}

/// A connection that the engine asked for.
pub(crate) struct Connection {
    /// Tells the connections of a tab apart. The server knows a tab that polls by it.
    pub(crate) id: Uuid,
    /// The transport that carries the frames. None until the connection is open.
    pub(crate) carrier: Option<Carrier>,
    /// Frames of the engine that were not sent yet.
    pub(crate) outgoing: VecDeque<ClientFrame>,
}

/// The transport of a connection, as the tab has it.
pub(crate) enum Carrier {
    Polls(Polls),
    WebSocket(Box<WebSocket>),
}

/// A tab that polls.
#[derive(Default)]
pub(crate) struct Polls {
    /// Whether a `hello` was answered, so that further polls follow.
    pub(crate) is_welcomed: bool,
    /// Responses on their way, and the step at which each arrives.
    pub(crate) late: Vec<(u64, Vec<ServerFrame>)>,
}

impl Person {
    pub(crate) fn new(member: usize, you: Member, room: RoomId) -> Self {
        Self { member, engine: Engine::new(you), room, connection: None, stored: Vec::new() }
    }

    /// Loads the page again: keeps only the stored operations.
    pub(crate) fn reload(&mut self) {
        self.engine = Engine::new(self.engine.you().clone());
        self.connection = None;
        self.engine.restore(self.room, self.stored.clone());
    }

    /// Does the engine's actions, except that frames wait to be sent.
    pub(crate) fn act(&mut self, new_connection: Uuid) {
        for action in self.engine.take_actions() {
            match action {
                Action::Open => {
                    assert!(self.connection.is_none(), "one connection at a time");
                    let outgoing = VecDeque::new();
                    self.connection = Some(Connection { id: new_connection, carrier: None, outgoing });
                }
                Action::Close => self.connection = None,
                Action::Send(frame) => {
                    let connection = self.connection.as_mut().expect("frames go over a connection");
                    connection.outgoing.push_back(frame);
                }
            }
        }
        self.engine.take_updates();
        self.stored = self.engine.unsent(self.room);
    }

    /// The tab that polls and the id of its connection, if its open connection is by polling.
    pub(crate) fn polls(&mut self) -> Option<(Uuid, &mut Polls)> {
        let connection = self.connection.as_mut()?;
        match connection.carrier.as_mut()? {
            Carrier::Polls(polls) => Some((connection.id, polls)),
            Carrier::WebSocket(_) => None,
        }
    }

    /// The WebSocket, if the tab's open connection is one.
    pub(crate) fn websocket(&mut self) -> Option<&mut WebSocket> {
        match self.connection.as_mut()?.carrier.as_mut()? {
            Carrier::WebSocket(socket) => Some(socket),
            Carrier::Polls(_) => None,
        }
    }

    pub(crate) fn timeline(&self) -> &Timeline {
        self.engine.timeline(self.room).expect("the room is followed")
    }
}
