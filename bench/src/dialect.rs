//! What a server is spoken to in: Hubbub's protocol, or nothing but the text itself for the peers that relay it. The
//! crowd asks it what to say and what it was told; sockets and checks are elsewhere.

use hubbub_protocol::{
    ClientFrame, Epoch, Event, Interest, MessageId, RoomId, Seq, ServerFrame, SnapshotReason, What, codec,
};

use crate::checker::Heard;
use crate::message;

/// How one kind of server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Rooms, seqs and acks.
    Hubbub { room: RoomId },
    /// A text goes to everyone as it is.
    Relay,
}

/// What a payload was about.
#[derive(Debug)]
pub(crate) enum Told {
    /// The room is followed from here.
    Joined {
        epoch: Epoch,
        head: Seq,
    },
    /// Events of the room, oldest first.
    Events(Vec<Heard>),
    /// One text; where it stands in the order is not said.
    Relayed(Option<u64>),
    Acked {
        seq: Seq,
        id: MessageId,
    },
    /// A "no", or a hole that a measurement should not have.
    Refused(String),
    /// Presence and other hints.
    Nothing,
}

impl Dialect {
    /// What is said first, if anything.
    pub(crate) fn hello(self) -> Option<String> {
        match self {
            Self::Hubbub { room } => {
                Some(codec::encode_client(&ClientFrame::Hello { rooms: vec![Interest { room, after: None }] }))
            }
            Self::Relay => None,
        }
    }

    /// A post, whatever its id and text.
    pub(crate) fn post(self, id: MessageId, body: String) -> String {
        match self {
            Self::Hubbub { room } => codec::encode_client(&ClientFrame::Post { room, id, body }),
            Self::Relay => body,
        }
    }

    /// What a server says, understood.
    pub(crate) fn understand(self, payload: &[u8]) -> Told {
        let Ok(text) = str::from_utf8(payload) else { return Told::Refused("a payload that is not UTF-8".to_owned()) };
        match self {
            Self::Hubbub { .. } => match codec::decode_server(text) {
                Ok(frame) => told(frame),
                Err(error) => Told::Refused(format!("a frame that is {error}")),
            },
            Self::Relay => Told::Relayed(message::number(text)),
        }
    }

    /// Whether every post is answered to its author.
    pub(crate) fn acknowledges(self) -> bool {
        matches!(self, Self::Hubbub { .. })
    }
}

fn told(frame: ServerFrame) -> Told {
    match frame {
        ServerFrame::Snapshot { reason: SnapshotReason::First, epoch, head, .. } => Told::Joined { epoch, head },
        ServerFrame::Snapshot { reason, head, .. } => Told::Refused(format!("a snapshot ({reason:?}) up to {head}")),
        ServerFrame::Events { events, .. } => Told::Events(events.iter().map(heard).collect()),
        ServerFrame::Ack { id, seq, .. } => Told::Acked { seq, id },
        ServerFrame::Refused { refusal, .. } | ServerFrame::Denied { refusal, .. } | ServerFrame::Error { refusal } => {
            Told::Refused(refusal.to_string())
        }
        ServerFrame::Bye { refusal, .. } => Told::Refused(refusal.map_or("bye".to_owned(), |why| why.to_string())),
        ServerFrame::Unknown => Told::Refused("a frame of a type that this build doesn't know".to_owned()),
        ServerFrame::Welcome { .. }
        | ServerFrame::Resumed { .. }
        | ServerFrame::History { .. }
        | ServerFrame::Present { .. }
        | ServerFrame::Typing { .. }
        | ServerFrame::RoomAdded { .. }
        | ServerFrame::Pong => Told::Nothing,
    }
}

fn heard(event: &Event) -> Heard {
    match &event.what {
        What::Posted { id, body } => Heard { seq: event.seq, number: message::number(body), id: Some(*id) },
        What::Unknown => Heard { seq: event.seq, number: None, id: None },
    }
}
