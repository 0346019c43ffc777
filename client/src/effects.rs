//! What the engine wants done and looked at again. Every part adds to it; the engine's caller drains it.

use hubbub_protocol::{ClientFrame, MessageId, Refusal, RoomId};

/// What the transport is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Open a connection; there is none at this time. Report `opened` or `closed`.
    Open,
    /// Close the connection, or stop opening it. Nothing more is to be reported of it, `closed` neither.
    Close,
    /// Send a frame over the connection.
    Send(ClientFrame),
}

/// What a view must look at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// `connection`, or who `you` are.
    Connection,
    /// `rooms`.
    Rooms,
    /// Entries of the room's timeline were added, removed or moved, or what its `has_older` or
    /// `is_loading_older` says changed.
    List(RoomId),
    /// A message has another state, time or body.
    Message(RoomId, MessageId),
    /// `unsent` differs: store it.
    Outbox(RoomId),
    /// `present`.
    Presence(RoomId),
    /// `typing_in`.
    Typing(RoomId),
    /// `denied`.
    Denied(RoomId),
    /// The server refused something that has no place of its own to be shown at.
    Error(Refusal),
}

/// Both, as they gather during a call. The caller drains them after every call, which bounds them.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    pub(crate) actions: Vec<Action>,
    pub(crate) changes: Vec<Change>,
}

impl Effects {
    pub(crate) fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    pub(crate) fn send(&mut self, frame: ClientFrame) {
        self.actions.push(Action::Send(frame));
    }

    /// Notes a change once, however often it happens before the caller looks.
    pub(crate) fn change(&mut self, change: Change) {
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }
}
