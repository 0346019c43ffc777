//! Actions for the transport and changes for the views. Every module adds to them; the engine's caller takes them.

use hubbub_protocol::{ClientFrame, MessageId, Refusal, RoomId};

/// Something that the transport has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Open a connection. There is none now. The caller reports `opened` or `closed`.
    Open,
    /// Close the connection, or stop opening it. The caller reports nothing more about it, not even `closed`.
    Close,
    /// Send a frame over the connection.
    Send(ClientFrame),
}

/// Something that changed. Named after what the views have to read again.
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

/// The actions and changes of one call. The caller takes them after every call, so their number is bounded.
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

    /// Adds a change unless it is already there.
    pub(crate) fn change(&mut self, change: Change) {
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }
}
