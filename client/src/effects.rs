//! Actions for the transport and updates for the views. Every module adds to them; the engine's caller takes them.

use hubbub_protocol::{ClientFrame, MessageId, Reactors, Refusal, Revision, RoomId};

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
pub enum Update {
    /// `connection`, or who `you` are.
    Connection,
    /// `rooms`.
    Rooms,
    /// Entries of the room's timeline were added, removed or moved, or what its `has_older`, `is_loading_older` or
    /// `is_filling` returns changed.
    List(RoomId),
    /// A message, its quote, or an operation on it differs. It may be shown in the timeline, as a pin and in the thread.
    Message(RoomId, MessageId),
    /// `unsent` differs: store it.
    Outbox(RoomId),
    /// `pins`: which messages are pinned, or one of them.
    Pins(RoomId),
    /// `thread`: which messages are in it, or whether more are loading. One of them alone is a `Message`.
    Thread(RoomId),
    /// `room_state` or `problems`.
    State(RoomId),
    /// `present`.
    Presence(RoomId),
    /// `typing_in`.
    Typing(RoomId),
    /// `denied`.
    Denied(RoomId),
    /// The message that `jump_to` named is in the timeline.
    Jumped(RoomId, MessageId),
    /// The message that `jump_to` named can't be shown.
    JumpRefused(RoomId, MessageId, Refusal),
    /// The answer to `ask_reactions`.
    Reactors {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
        /// Who reacted, by emoji.
        answer: Result<Vec<Reactors>, Refusal>,
    },
    /// The answer to `ask_revisions`.
    Revisions {
        /// The room.
        room: RoomId,
        /// The message.
        message: MessageId,
        /// The earlier texts, the oldest first.
        answer: Result<Vec<Revision>, Refusal>,
    },
    /// The server refused something that has no place of its own to be shown at.
    Error(Refusal),
}

/// The actions and updates of one call. The caller takes them after every call, so their number is bounded.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    pub(crate) actions: Vec<Action>,
    pub(crate) updates: Vec<Update>,
}

impl Effects {
    pub(crate) fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    pub(crate) fn send(&mut self, frame: ClientFrame) {
        self.actions.push(Action::Send(frame));
    }

    /// Adds an update unless it is already there.
    pub(crate) fn update(&mut self, update: Update) {
        if !self.updates.contains(&update) {
            self.updates.push(update);
        }
    }
}
