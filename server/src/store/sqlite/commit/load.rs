//! Begins the transaction of a batch, and loads the rows that its operations touch by one statement. Called by `commit`.

use std::collections::{BTreeSet, HashMap};

use hubbub_protocol::{
    Member, MemberId, Message, MessageId, MessageKind, OpId, Reaction, RoomId, RoomState, Seq, UnixMillis,
};
use serde::Deserialize;
use sqlx::SqliteConnection;
use sqlx::types::{Json, Uuid};

use super::batch::{Batch, reaction_key};
use super::batch_rows::{BatchMessage, BatchOperation, BatchReaction, BatchRoom, Stored};
use super::digest::{Digest, Salt};
use crate::store::Submitted;
use crate::store::sqlite::rows::to_sql;

/// BEGIN IMMEDIATE locks every stream at once: SQLite has one writer. CROSS JOIN fixes the order of a join: one lookup in
/// the index for each row that is asked for.
const LOAD: &str = "
    BEGIN IMMEDIATE;
    SELECT (SELECT json_group_array(json_array(
                stream.id, stream.head, room.rev, room.name, room.topic, maker.id, maker.name, room.created_at,
                json((SELECT json_group_array(hex(message_id)) FROM (
                    SELECT message_id FROM message WHERE room_id = room.id AND pinned_seq IS NOT NULL
                    ORDER BY pinned_seq DESC)))))
            FROM stream JOIN room ON room.id = stream.id LEFT JOIN member AS maker ON maker.id = room.created_by
            WHERE stream.id IN (SELECT value FROM jsonb_each(?1))),
           (SELECT json_group_array(json_array(
                message.room_id, hex(message.message_id), json(message.kind), message.seq, message.rev, message.at,
                member.id, member.name, message.body, nullif(hex(message.reply_to), ''), message.replies,
                message.edited_at, message.deleted_at, message.pinned_seq, json(message.reactions),
                nullif(hex(message.salt), ''),
                (SELECT body FROM revision WHERE revision.message = message.id ORDER BY seq LIMIT 1)))
            FROM jsonb_each(?2) AS wanted
            CROSS JOIN message
            ON message.room_id = wanted.value ->> 0 AND message.message_id = unhex(wanted.value ->> 1, '-')
            JOIN member ON member.id = message.member_id),
           (SELECT json_group_array(json_array(
                stream, hex(op), member_id, kind, nullif(hex(target), ''), seq, at, hex(digest)))
            FROM jsonb_each(?3) AS wanted
            CROSS JOIN operation ON stream = wanted.value ->> 0 AND op = unhex(wanted.value ->> 1, '-')),
           (SELECT json_group_array(json_array(
                message.room_id, hex(message.message_id), reaction.member_id, reaction.emoji, reaction.seq))
            FROM jsonb_each(?4) AS wanted
            CROSS JOIN message
            ON message.room_id = wanted.value ->> 0 AND message.message_id = unhex(wanted.value ->> 1, '-')
            CROSS JOIN reaction
            ON reaction.message = message.id AND reaction.member_id = wanted.value ->> 2
                AND reaction.emoji = wanted.value ->> 3),
           (SELECT json_group_array(json_array(id, name)) FROM member
            WHERE id IN (SELECT value FROM jsonb_each(?5))),
           (SELECT json_group_array(json_array(room.id, room.name))
            FROM jsonb_each(?6) AS wanted CROSS JOIN room ON room.name = wanted.value COLLATE anycase)";

type LoadedRows = (
    Json<Vec<LoadedRoom>>,
    Json<Vec<LoadedMessage>>,
    Json<Vec<LoadedOperation>>,
    Json<Vec<(RoomId, Uuid, MemberId, String, Seq)>>,
    Json<Vec<(MemberId, String)>>,
    Json<Vec<(RoomId, String)>>,
);

/// Begins a transaction and loads the rows.
pub(super) async fn load(connection: &mut SqliteConnection, submitted: &[Submitted]) -> Result<Batch, sqlx::Error> {
    let rooms: BTreeSet<i64> = submitted.iter().map(|submitted| to_sql(submitted.room.0)).collect();
    let members: BTreeSet<i64> = submitted.iter().map(|submitted| to_sql(submitted.by.0)).collect();
    let messages: BTreeSet<(i64, MessageId)> = submitted
        .iter()
        .flat_map(|Submitted { room, op, intent, .. }| {
            std::iter::once(MessageId::from(*op)).chain(intent.target()).map(|id| (to_sql(room.0), id))
        })
        .collect();
    let operations: BTreeSet<(i64, OpId)> =
        submitted.iter().map(|submitted| (to_sql(submitted.room.0), submitted.op)).collect();
    let reactions: BTreeSet<(i64, MessageId, i64, String)> = submitted
        .iter()
        .filter_map(reaction_key)
        .map(|(room, message, by, emoji)| (to_sql(room.0), message, to_sql(by.0), emoji))
        .collect();
    let names: Vec<&str> = submitted.iter().filter_map(|submitted| submitted.intent.room_name()).collect();
    let (Json(rooms), Json(messages), Json(operations), Json(reactions), Json(members), Json(names)): LoadedRows =
        sqlx::query_as(LOAD)
            .bind(Json(rooms))
            .bind(Json(messages))
            .bind(Json(operations))
            .bind(Json(reactions))
            .bind(Json(members))
            .bind(Json(names))
            .fetch_one(connection)
            .await?;
    let reacted = reactions.into_iter().filter_map(|(room, message, by, emoji, seq)| {
        let row = BatchReaction { seq: Some(seq), is_changed: false };
        Some(((room, MessageId::try_from(message).ok()?, by, emoji), row))
    });
    Ok(Batch {
        rooms: rooms.into_iter().map(|room| (room.id, room.into())).collect(),
        messages: messages.into_iter().filter_map(LoadedMessage::into_row).collect(),
        operations: operations.into_iter().filter_map(LoadedOperation::into_row).collect(),
        reactions: reacted.collect(),
        members: members.into_iter().collect::<HashMap<_, _>>(),
        names: names.into_iter().collect(),
        revisions: Vec::new(),
    })
}

/// A row of `room` and its stream, in the order of the statement.
#[derive(Deserialize)]
struct LoadedRoom {
    id: RoomId,
    head: Seq,
    rev: Seq,
    name: String,
    topic: String,
    maker_id: Option<MemberId>,
    maker_name: Option<String>,
    made_at: UnixMillis,
    pins: Vec<Uuid>,
}

impl From<LoadedRoom> for BatchRoom {
    fn from(room: LoadedRoom) -> Self {
        let made_by = room.maker_id.zip(room.maker_name).map(|(id, name)| Member { id, name });
        let state = RoomState {
            rev: room.rev,
            name: room.name,
            topic: room.topic,
            made_by,
            made_at: room.made_at,
            pins: room.pins.into_iter().filter_map(|id| MessageId::try_from(id).ok()).collect(),
        };
        Self { head: room.head, state, is_changed: false, has_moved: false }
    }
}

/// A row of `message`, in the order of the statement.
#[derive(Deserialize)]
struct LoadedMessage {
    room: RoomId,
    id: Uuid,
    kind: Option<MessageKind>,
    seq: Seq,
    rev: Seq,
    at: UnixMillis,
    by: MemberId,
    by_name: String,
    body: String,
    reply_to: Option<Uuid>,
    replies: u32,
    edited_at: Option<UnixMillis>,
    deleted_at: Option<UnixMillis>,
    pinned_seq: Option<Seq>,
    reactions: Vec<Reaction>,
    salt: Option<Uuid>,
    first_body: Option<String>,
}

impl LoadedMessage {
    fn into_row(self) -> Option<((RoomId, MessageId), BatchMessage)> {
        let id = MessageId::try_from(self.id).ok()?;
        let message = Message {
            id,
            seq: self.seq,
            rev: self.rev,
            at: self.at,
            by: Member { id: self.by, name: self.by_name },
            kind: self.kind.unwrap_or_default(),
            body: self.body,
            reply_to: self.reply_to.and_then(|id| MessageId::try_from(id).ok()),
            replies: self.replies,
            edited_at: self.edited_at,
            deleted_at: self.deleted_at,
            pinned: self.pinned_seq.is_some(),
            reactions: self.reactions,
        };
        let row = BatchMessage {
            message,
            pinned_seq: self.pinned_seq,
            salt: self.salt.map(|salt| Salt(salt.into_bytes())),
            first_body: self.first_body,
            stored: Stored::Same,
            is_erased: false,
        };
        Some(((self.room, id), row))
    }
}

/// A row of `operation`, in the order of the statement.
#[derive(Deserialize)]
struct LoadedOperation {
    room: RoomId,
    op: Uuid,
    by: MemberId,
    kind: String,
    target: Option<Uuid>,
    seq: Seq,
    at: UnixMillis,
    digest: Uuid,
}

impl LoadedOperation {
    fn into_row(self) -> Option<((RoomId, OpId), BatchOperation)> {
        let row = BatchOperation {
            by: self.by,
            kind: self.kind,
            target: self.target.and_then(|id| MessageId::try_from(id).ok()),
            seq: self.seq,
            at: self.at,
            digest: Digest(self.digest.into_bytes()),
            is_new: false,
        };
        Some(((self.room, OpId::try_from(self.op).ok()?), row))
    }
}
