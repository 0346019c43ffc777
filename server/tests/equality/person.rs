//! One tab of a member: its engine, its connection, and the operations that it keeps across a reload.

use std::collections::VecDeque;

use hubbub_client::{Action, Engine, Timeline, Unsent};
use hubbub_protocol::{ClientFrame, Member, RoomId, ServerFrame};
use uuid::Uuid;

pub(crate) struct Person {
    pub(crate) member: usize,
    pub(crate) engine: Engine,
    pub(crate) room: RoomId,
    pub(crate) connection: Option<Connection>,
    /// The operations that the tab has stored.
    stored: Vec<Unsent>,
}

/// A connection of the polling transport.
pub(crate) struct Connection {
    pub(crate) tab: Uuid,
    /// Whether the engine was told that the connection is open.
    pub(crate) is_opened: bool,
    /// Whether a `hello` was answered, so that further polls follow.
    pub(crate) is_welcomed: bool,
    /// Frames of the engine that were not sent yet.
    pub(crate) outgoing: VecDeque<ClientFrame>,
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
    pub(crate) fn act(&mut self, new_tab: Uuid) {
        for action in self.engine.take_actions() {
            match action {
                Action::Open => {
                    assert!(self.connection.is_none(), "one connection at a time");
                    self.connection = Some(Connection {
                        tab: new_tab,
                        is_opened: false,
                        is_welcomed: false,
                        outgoing: VecDeque::new(),
                        late: Vec::new(),
                    });
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

    pub(crate) fn timeline(&self) -> &Timeline {
        self.engine.timeline(self.room).expect("the room is followed")
    }
}
