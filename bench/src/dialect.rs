//! The protocol of a measured server: Hubbub's, or the text itself for the peers that relay it. The crowd calls it to write
//! what it sends and to parse what it receives. It knows no sockets.

use hubbub_protocol::{
    Change, ClientFrame, Cursor, Epoch, Interest, OpId, Operation, PageReason, RoomId, Seq, ServerFrame, StreamId,
    What, codec,
};

use crate::checker::{Content, ReceivedChange};
use crate::message;

/// The protocol of one kind of server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Rooms, seqs and acks.
    Hubbub { room: RoomId },
    /// The server sends each text to everyone, unchanged.
    Relay,
}

/// The content of a payload of the server.
#[derive(Debug)]
pub(crate) enum ServerMessage {
    /// The room's newest page: the room is followed from its head on.
    Joined {
        epoch: Epoch,
        head: Seq,
    },
    /// Everything up to a seq was sent, as rows: the room is followed from it on.
    Resumed {
        to: Seq,
    },
    /// Changes of the room, oldest first.
    Changes(Vec<ReceivedChange>),
    /// The number in one text. The server gives it no place in the order.
    Relayed(Option<u64>),
    Acked {
        seq: Seq,
        op: OpId,
    },
    /// A refusal, or something that must not happen in a measurement.
    Refused(String),
    /// Presence and other hints.
    Nothing,
}

impl Dialect {
    /// The first frame of a connection, if the protocol has one. It asks for the room after a cursor, or for its newest page.
    pub(crate) fn hello(self, after: Option<Cursor>) -> Option<String> {
        match self {
            Self::Hubbub { room } => {
                Some(codec::encode_client(&ClientFrame::Hello { rooms: vec![Interest { room, after }] }))
            }
            Self::Relay => None,
        }
    }

    /// An operation. A relay gets its text.
    pub(crate) fn operation(self, op: OpId, what: Operation) -> String {
        match (self, what) {
            (Self::Hubbub { room }, what) => {
                codec::encode_client(&ClientFrame::Operation { on: StreamId::Room(room), op, what })
            }
            (Self::Relay, Operation::Post { body, .. } | Operation::Edit { body, .. }) => body,
            (Self::Relay, _) => unreachable!("a crowd at a relay only posts"),
        }
    }

    /// Parses a payload of the server.
    pub(crate) fn parse(self, payload: &[u8]) -> ServerMessage {
        let Ok(text) = str::from_utf8(payload) else {
            return ServerMessage::Refused("a payload that is not UTF-8".to_owned());
        };
        match self {
            Self::Hubbub { .. } => match codec::decode_server(text) {
                Ok(frame) => message_of(frame),
                Err(error) => ServerMessage::Refused(format!("a frame that is {error}")),
            },
            Self::Relay => ServerMessage::Relayed(message::number(text)),
        }
    }

    /// Whether the server acknowledges every operation to its author.
    pub(crate) fn acknowledges(self) -> bool {
        matches!(self, Self::Hubbub { .. })
    }
}

fn message_of(frame: ServerFrame) -> ServerMessage {
    match frame {
        ServerFrame::Page { reason: PageReason::First, epoch, page, .. } => {
            ServerMessage::Joined { epoch, head: page.as_of }
        }
        // To a reader that fell far behind.
        ServerFrame::Page { reason: PageReason::Gap, page, .. } => ServerMessage::Resumed { to: page.as_of },
        ServerFrame::Page { reason, page, .. } => {
            ServerMessage::Refused(format!("a page ({reason:?}) up to {}", page.as_of))
        }
        ServerFrame::Resumed { to, .. } => ServerMessage::Resumed { to },
        ServerFrame::Changes { changes, .. } => ServerMessage::Changes(changes.iter().map(received).collect()),
        ServerFrame::Ack { op, seq, .. } => ServerMessage::Acked { seq, op },
        ServerFrame::Refused { refusal, .. } | ServerFrame::Denied { refusal, .. } | ServerFrame::Error { refusal } => {
            ServerMessage::Refused(refusal.to_string())
        }
        ServerFrame::Bye { refusal, .. } => {
            ServerMessage::Refused(refusal.map_or("bye".to_owned(), |why| why.to_string()))
        }
        ServerFrame::Unknown => ServerMessage::Refused("a frame of a type that this build doesn't know".to_owned()),
        ServerFrame::Welcome { .. }
        | ServerFrame::Rows { .. }
        | ServerFrame::Answer { .. }
        | ServerFrame::Present { .. }
        | ServerFrame::Typing { .. }
        | ServerFrame::RoomAdded { .. }
        | ServerFrame::Pong => ServerMessage::Nothing,
    }
}

fn received(change: &Change) -> ReceivedChange {
    let content = match &change.what {
        What::Posted { body, .. } => Content::Posted(message::number(body)),
        What::Edited { body } => Content::Edited(message::number(body)),
        What::Reacted { on: true, .. } => Content::Reaction,
        What::Reacted { .. } | What::Deleted | What::Pinned { .. } | What::Described { .. } | What::Unknown => {
            Content::Other
        }
    };
    ReceivedChange { seq: change.seq, message: change.message(), content }
}
