//! The protocol of a measured server: Hubbub's, or the text itself for the peers that relay it. The crowd calls it to write
//! what it sends and to parse what it receives. It knows no sockets.

use hubbub_protocol::{
    ClientFrame, Epoch, Event, Interest, MessageId, RoomId, Seq, ServerFrame, SnapshotReason, What, codec,
};

use crate::checker::ReceivedEvent;
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
    /// The room is followed from this place on.
    Joined {
        epoch: Epoch,
        head: Seq,
    },
    /// Events of the room, oldest first.
    Events(Vec<ReceivedEvent>),
    /// The number in one text. The server gives it no place in the order.
    Relayed(Option<u64>),
    Acked {
        seq: Seq,
        id: MessageId,
    },
    /// A refusal, or something that must not happen in a measurement.
    Refused(String),
    /// Presence and other hints.
    Nothing,
}

impl Dialect {
    /// The first frame of a connection, if the protocol has one.
    pub(crate) fn hello(self) -> Option<String> {
        match self {
            Self::Hubbub { room } => {
                Some(codec::encode_client(&ClientFrame::Hello { rooms: vec![Interest { room, after: None }] }))
            }
            Self::Relay => None,
        }
    }

    /// A post.
    pub(crate) fn post(self, id: MessageId, body: String) -> String {
        match self {
            Self::Hubbub { room } => codec::encode_client(&ClientFrame::Post { room, id, body }),
            Self::Relay => body,
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

    /// Whether the server acknowledges every post to its author.
    pub(crate) fn acknowledges(self) -> bool {
        matches!(self, Self::Hubbub { .. })
    }
}

fn message_of(frame: ServerFrame) -> ServerMessage {
    match frame {
        ServerFrame::Snapshot { reason: SnapshotReason::First, epoch, head, .. } => {
            ServerMessage::Joined { epoch, head }
        }
        ServerFrame::Snapshot { reason, head, .. } => {
            ServerMessage::Refused(format!("a snapshot ({reason:?}) up to {head}"))
        }
        ServerFrame::Events { events, .. } => ServerMessage::Events(events.iter().map(received).collect()),
        ServerFrame::Ack { id, seq, .. } => ServerMessage::Acked { seq, id },
        ServerFrame::Refused { refusal, .. } | ServerFrame::Denied { refusal, .. } | ServerFrame::Error { refusal } => {
            ServerMessage::Refused(refusal.to_string())
        }
        ServerFrame::Bye { refusal, .. } => {
            ServerMessage::Refused(refusal.map_or("bye".to_owned(), |why| why.to_string()))
        }
        ServerFrame::Unknown => ServerMessage::Refused("a frame of a type that this build doesn't know".to_owned()),
        ServerFrame::Welcome { .. }
        | ServerFrame::Resumed { .. }
        | ServerFrame::History { .. }
        | ServerFrame::Present { .. }
        | ServerFrame::Typing { .. }
        | ServerFrame::RoomAdded { .. }
        | ServerFrame::Pong => ServerMessage::Nothing,
    }
}

fn received(event: &Event) -> ReceivedEvent {
    match &event.what {
        What::Posted { id, body } => ReceivedEvent { seq: event.seq, number: message::number(body), id: Some(*id) },
        What::Unknown => ReceivedEvent { seq: event.seq, number: None, id: None },
    }
}
