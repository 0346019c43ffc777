//! The rows that queries select, and their conversion to the model. Used by the files that select them.

use hubbub_protocol::{
    Member, MemberId, Message, MessageId, MessageKind, Reaction, RoomId, RoomInfo, RoomState, Seq, Slug, UnixMillis,
};
use sqlx::FromRow;
use sqlx::types::{Json, Uuid};

/// Converts a number for SQLite, whose integers end at 2^63 - 1. A larger number becomes that one: no row has it.
pub(super) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Converts back a number that [`to_sql`] converted.
pub(super) fn from_sql(number: i64) -> u64 {
    number.cast_unsigned()
}

/// The columns of a [`MessageRow`], from the tables `message` and `member`.
macro_rules! message_columns {
    () => {
        "message.message_id, message.kind, message.seq, message.rev, message.at, member.id AS by_id,
         member.name AS by_name, message.body, message.reply_to, message.replies, message.edited_at,
         message.deleted_at, message.pinned_seq, message.reactions"
    };
}

pub(super) use message_columns;

#[derive(FromRow)]
pub(super) struct MessageRow {
    message_id: Uuid,
    kind: Option<Json<MessageKind>>,
    seq: i64,
    rev: i64,
    at: i64,
    by_id: i64,
    by_name: String,
    body: String,
    reply_to: Option<Uuid>,
    replies: u32,
    edited_at: Option<i64>,
    deleted_at: Option<i64>,
    pinned_seq: Option<i64>,
    reactions: Json<Vec<Reaction>>,
}

impl MessageRow {
    /// Returns the message. None for an id that no client can have made; the migrations leave none.
    pub(super) fn into_message(self) -> Option<Message> {
        Some(Message {
            id: MessageId::try_from(self.message_id).ok()?,
            seq: Seq(from_sql(self.seq)),
            rev: Seq(from_sql(self.rev)),
            at: UnixMillis(from_sql(self.at)),
            by: Member { id: MemberId(from_sql(self.by_id)), name: self.by_name },
            kind: self.kind.map(|Json(kind)| kind).unwrap_or_default(),
            body: self.body,
            reply_to: self.reply_to.and_then(|id| MessageId::try_from(id).ok()),
            replies: self.replies,
            edited_at: self.edited_at.map(|at| UnixMillis(from_sql(at))),
            deleted_at: self.deleted_at.map(|at| UnixMillis(from_sql(at))),
            pinned: self.pinned_seq.is_some(),
            reactions: self.reactions.0,
        })
    }
}

#[derive(FromRow)]
pub(super) struct RoomStateRow {
    pub(super) head: i64,
    rev: i64,
    name: String,
    topic: String,
    maker_id: Option<i64>,
    maker_name: Option<String>,
    created_at: i64,
    pins: Json<Vec<Uuid>>,
}

impl From<RoomStateRow> for RoomState {
    fn from(row: RoomStateRow) -> Self {
        let made_by = row.maker_id.zip(row.maker_name);
        Self {
            rev: Seq(from_sql(row.rev)),
            name: row.name,
            topic: row.topic,
            made_by: made_by.map(|(id, name)| Member { id: MemberId(from_sql(id)), name }),
            made_at: UnixMillis(from_sql(row.created_at)),
            pins: row.pins.0.into_iter().filter_map(|id| MessageId::try_from(id).ok()).collect(),
        }
    }
}

#[derive(FromRow)]
pub(super) struct RoomRow {
    id: i64,
    slug: String,
    name: String,
    topic: String,
}

impl From<RoomRow> for RoomInfo {
    fn from(row: RoomRow) -> Self {
        Self { id: RoomId(from_sql(row.id)), slug: Slug::from(row.slug), name: row.name, topic: row.topic }
    }
}
