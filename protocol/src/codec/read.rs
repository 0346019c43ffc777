//! Frames out of JSON values. What is written is said once, by the derives beside the types; the golden samples hold the
//! two together, code by code.

use super::json::{FromJson, field, optional, tag};
use super::value::Value;
use crate::client_frame::{ClientFrame, Interest};
use crate::ids::{Epoch, MemberId, MessageId, RoomId, Seq, Slug, UnixMillis};
use crate::model::{Cursor, Event, Member, RoomInfo, What};
use crate::refusal::Refusal;
use crate::server_frame::{ServerFrame, SnapshotReason};

macro_rules! read_as_inner {
    ($($id:ident),*) => {$(
        impl FromJson for $id {
            fn from_json(value: &Value) -> Option<Self> {
                FromJson::from_json(value).map($id)
            }
        }
    )*};
}

read_as_inner!(Epoch, MemberId, MessageId, RoomId, Seq, UnixMillis);

impl FromJson for Slug {
    fn from_json(value: &Value) -> Option<Self> {
        String::from_json(value).map(Self::from)
    }
}

impl FromJson for ClientFrame {
    fn from_json(value: &Value) -> Option<Self> {
        Some(match tag(value, "type")?.as_str() {
            "hello" => Self::Hello { rooms: field(value, "rooms")? },
            "join" => Self::Join(Interest::from_json(value)?),
            "leave" => Self::Leave { room: field(value, "room")? },
            "post" => Self::Post { room: field(value, "room")?, id: field(value, "id")?, body: field(value, "body")? },
            "history" => Self::History { room: field(value, "room")?, before: field(value, "before")? },
            "typing" => Self::Typing { room: field(value, "room")? },
            "ping" => Self::Ping,
            _ => Self::Unknown,
        })
    }
}

impl FromJson for ServerFrame {
    fn from_json(value: &Value) -> Option<Self> {
        Some(match tag(value, "type")?.as_str() {
            "welcome" => Self::Welcome { you: field(value, "you")?, rooms: field(value, "rooms")? },
            "resumed" => Self::Resumed { room: field(value, "room")?, head: field(value, "head")? },
            "snapshot" => Self::Snapshot {
                room: field(value, "room")?,
                reason: field(value, "reason")?,
                epoch: field(value, "epoch")?,
                head: field(value, "head")?,
                events: field(value, "events")?,
            },
            "events" => Self::Events { room: field(value, "room")?, events: field(value, "events")? },
            "history" => Self::History {
                room: field(value, "room")?,
                before: field(value, "before")?,
                events: field(value, "events")?,
            },
            "ack" => Self::Ack {
                room: field(value, "room")?,
                id: field(value, "id")?,
                seq: field(value, "seq")?,
                at: field(value, "at")?,
            },
            "refused" => Self::Refused {
                room: field(value, "room")?,
                id: field(value, "id")?,
                refusal: field(value, "refusal")?,
            },
            "denied" => Self::Denied { room: field(value, "room")?, refusal: field(value, "refusal")? },
            "error" => Self::Error { refusal: field(value, "refusal")? },
            "present" => Self::Present {
                room: field(value, "room")?,
                count: field(value, "count")?,
                members: field(value, "members")?,
            },
            "typing" => Self::Typing { room: field(value, "room")?, by: field(value, "by")? },
            "room_added" => Self::RoomAdded { room: field(value, "room")? },
            "bye" => Self::Bye {
                reconnect_after_ms: field(value, "reconnect_after_ms")?,
                refusal: optional(value, "refusal")?,
            },
            "pong" => Self::Pong,
            _ => Self::Unknown,
        })
    }
}

impl FromJson for Interest {
    fn from_json(value: &Value) -> Option<Self> {
        Some(Self { room: field(value, "room")?, after: optional(value, "after")? })
    }
}

impl FromJson for Cursor {
    fn from_json(value: &Value) -> Option<Self> {
        Some(Self { epoch: field(value, "epoch")?, seq: field(value, "seq")? })
    }
}

impl FromJson for Member {
    fn from_json(value: &Value) -> Option<Self> {
        Some(Self { id: field(value, "id")?, name: field(value, "name")? })
    }
}

impl FromJson for RoomInfo {
    fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            id: field(value, "id")?,
            slug: field(value, "slug")?,
            name: field(value, "name")?,
            topic: field(value, "topic")?,
        })
    }
}

impl FromJson for Event {
    fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            seq: field(value, "seq")?,
            at: field(value, "at")?,
            by: field(value, "by")?,
            what: field(value, "what")?,
        })
    }
}

impl FromJson for What {
    fn from_json(value: &Value) -> Option<Self> {
        Some(match tag(value, "type")?.as_str() {
            "posted" => Self::Posted { id: field(value, "id")?, body: field(value, "body")? },
            _ => Self::Unknown,
        })
    }
}

impl FromJson for SnapshotReason {
    fn from_json(value: &Value) -> Option<Self> {
        Some(match String::from_json(value)?.as_str() {
            "first" => Self::First,
            "gap" => Self::Gap,
            "reset" => Self::Reset,
            _ => Self::Unknown,
        })
    }
}

impl FromJson for Refusal {
    fn from_json(value: &Value) -> Option<Self> {
        Some(match tag(value, "code")?.as_str() {
            "empty" => Self::Empty,
            "too_long" => Self::TooLong { max: field(value, "max")? },
            "forbidden_character" => Self::ForbiddenCharacter,
            "name_taken" => Self::NameTaken { free: field(value, "free")? },
            "not_found" => Self::NotFound,
            "conflict" => Self::Conflict,
            "rate_limited" => Self::RateLimited { retry_after_ms: field(value, "retry_after_ms")? },
            "busy" => Self::Busy,
            "unknown_outcome" => Self::UnknownOutcome,
            "read_only" => Self::ReadOnly,
            "signed_out" => Self::SignedOut,
            "too_many_connections" => Self::TooManyConnections,
            "too_many_rooms" => Self::TooManyRooms,
            "not_json" => Self::NotJson,
            "bad_frame" => Self::BadFrame,
            "unknown_type" => Self::UnknownType,
            "hello_expected" => Self::HelloExpected,
            "hello_twice" => Self::HelloTwice,
            "internal" => Self::Internal,
            _ => Self::Unknown,
        })
    }
}
