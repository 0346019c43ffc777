//! Reads a page of messages with the messages that they answer, the reader's reactions and the state of the room, all in
//! one read transaction. Called by `store`; writes nothing.

use std::collections::BTreeSet;

use hubbub_protocol::codec::encode;
use hubbub_protocol::limits::PAGE_MESSAGES;
use hubbub_protocol::{MemberId, Message, MessageId, OwnReactions, Page, RoomId, Seq};
use sqlx::types::Uuid;
use sqlx::{SqliteConnection, SqlitePool};

use super::errors::failed;
use super::rows::{MessageRow, RoomStateRow, from_sql, message_columns, to_sql};
use crate::store::{PageQuery, RoomPage, StoreError};

macro_rules! select_messages {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            message_columns!(),
            " FROM message JOIN member ON member.id = message.member_id WHERE message.room_id = ?1 ",
            $rest
        )
    };
}

const BEFORE: &str = select_messages!("AND message.seq < ?2 ORDER BY message.seq DESC LIMIT ?3");
const AFTER: &str = select_messages!("AND message.seq > ?2 ORDER BY message.seq LIMIT ?3");
const REPLIES: &str = select_messages!("AND message.reply_to = ?4 AND message.seq > ?2 ORDER BY message.seq LIMIT ?3");
const NAMED: &str = select_messages!(
    "AND message.message_id IN (SELECT unhex(value, '-') FROM json_each(?2)) ORDER BY message.seq LIMIT ?3"
);

/// Messages in order of seq, and whether there are others around them.
#[derive(Default)]
struct Found {
    messages: Vec<Message>,
    older: bool,
    newer: bool,
}

pub(super) async fn page(
    readers: &SqlitePool,
    room: RoomId,
    reader: MemberId,
    query: PageQuery,
) -> Result<Option<RoomPage>, StoreError> {
    let read = async {
        let mut transaction = readers.begin().await?;
        let Some(state) = room_state(&mut transaction, room).await? else { return Ok(None) };
        let as_of = Seq(from_sql(state.head));
        let found = find(&mut transaction, room, query).await?;
        let quoted = quoted(&mut transaction, room, &found.messages).await?;
        let mine = own_reactions(&mut transaction, room, reader, found.messages.iter().chain(&quoted)).await?;
        let page = Page { as_of, messages: found.messages, quoted, mine, older: found.older, newer: found.newer };
        Ok(Some(RoomPage { state: state.into(), page }))
    };
    read.await.map_err(failed)
}

/// Reads the state of a room and the head of its stream.
pub(super) async fn room_state(
    connection: &mut SqliteConnection,
    room: RoomId,
) -> Result<Option<RoomStateRow>, sqlx::Error> {
    const STATE: &str = "
        SELECT stream.head, room.rev, room.name, room.topic, maker.id AS maker_id, maker.name AS maker_name,
               room.created_at,
               (SELECT json_group_array(hex(message_id)) FROM (
                    SELECT message_id FROM message WHERE room_id = room.id AND pinned_seq IS NOT NULL
                    ORDER BY pinned_seq DESC)) AS pins
        FROM room JOIN stream ON stream.id = room.id LEFT JOIN member AS maker ON maker.id = room.created_by
        WHERE room.id = ?1";
    sqlx::query_as(STATE).bind(to_sql(room.0)).fetch_optional(connection).await
}

async fn find(connection: &mut SqliteConnection, room: RoomId, query: PageQuery) -> Result<Found, sqlx::Error> {
    match query {
        PageQuery::Newest => before(connection, room, Seq(u64::MAX), PAGE_MESSAGES).await,
        PageQuery::Before(seq) => {
            let found = before(connection, room, seq, PAGE_MESSAGES).await?;
            Ok(Found { newer: has_messages_in(connection, room, seq, Seq(u64::MAX)).await?, ..found })
        }
        PageQuery::After(seq) => {
            let found = after(connection, room, seq, PAGE_MESSAGES, None).await?;
            Ok(Found { older: has_messages_in(connection, room, Seq(0), seq).await?, ..found })
        }
        PageQuery::Around(message) => around(connection, room, message).await,
        PageQuery::Messages(messages) => {
            Ok(Found { messages: named(connection, room, &messages).await?, ..Found::default() })
        }
        PageQuery::Replies { to, after: seq } => {
            let parent = named(connection, room, &[to]).await?;
            // The parent comes with the first page only.
            let parent = parent.into_iter().filter(|_| seq == Seq(0));
            let found = after(connection, room, seq, PAGE_MESSAGES, Some(to)).await?;
            Ok(Found { messages: parent.chain(found.messages).collect(), older: false, newer: found.newer })
        }
    }
}

async fn before(connection: &mut SqliteConnection, room: RoomId, seq: Seq, limit: usize) -> Result<Found, sqlx::Error> {
    // One more, which tells whether there are older messages.
    let mut messages = select(connection, BEFORE, room, seq, limit + 1, None).await?;
    let older = messages.len() > limit;
    messages.truncate(limit);
    messages.reverse();
    Ok(Found { messages, older, newer: false })
}

async fn after(
    connection: &mut SqliteConnection,
    room: RoomId,
    seq: Seq,
    limit: usize,
    reply_to: Option<MessageId>,
) -> Result<Found, sqlx::Error> {
    let sql = if reply_to.is_some() { REPLIES } else { AFTER };
    let mut messages = select(connection, sql, room, seq, limit + 1, reply_to).await?;
    let newer = messages.len() > limit;
    messages.truncate(limit);
    Ok(Found { messages, older: false, newer })
}

/// Whether the room has messages from one seq to another one, both included.
async fn has_messages_in(
    connection: &mut SqliteConnection,
    room: RoomId,
    from: Seq,
    to: Seq,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM message WHERE room_id = ?1 AND seq BETWEEN ?2 AND ?3)")
        .bind(to_sql(room.0))
        .bind(to_sql(from.0))
        .bind(to_sql(to.0))
        .fetch_one(connection)
        .await
}

async fn around(connection: &mut SqliteConnection, room: RoomId, message: MessageId) -> Result<Found, sqlx::Error> {
    let Some(middle) = named(connection, room, &[message]).await?.pop() else { return Ok(Found::default()) };
    let n_before = PAGE_MESSAGES / 2;
    let older = before(connection, room, middle.seq, n_before).await?;
    let newer = after(connection, room, middle.seq, PAGE_MESSAGES - n_before - 1, None).await?;
    let messages = older.messages.into_iter().chain([middle]).chain(newer.messages).collect();
    Ok(Found { messages, older: older.older, newer: newer.newer })
}

async fn select(
    connection: &mut SqliteConnection,
    sql: &'static str,
    room: RoomId,
    seq: Seq,
    limit: usize,
    reply_to: Option<MessageId>,
) -> Result<Vec<Message>, sqlx::Error> {
    let rows: Vec<MessageRow> = sqlx::query_as(sql)
        .bind(to_sql(room.0))
        .bind(to_sql(seq.0))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind(reply_to.map(|id| *id.as_uuid()))
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().filter_map(MessageRow::into_message).collect())
}

async fn named(
    connection: &mut SqliteConnection,
    room: RoomId,
    messages: &[MessageId],
) -> Result<Vec<Message>, sqlx::Error> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<MessageRow> = sqlx::query_as(NAMED)
        .bind(to_sql(room.0))
        .bind(encode(&messages))
        .bind(i64::try_from(PAGE_MESSAGES).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().filter_map(MessageRow::into_message).collect())
}

/// Reads the messages that others answer, but not those that are there.
async fn quoted(
    connection: &mut SqliteConnection,
    room: RoomId,
    messages: &[Message],
) -> Result<Vec<Message>, sqlx::Error> {
    let wanted: BTreeSet<MessageId> = messages.iter().filter_map(|message| message.reply_to).collect();
    let wanted: Vec<MessageId> =
        wanted.into_iter().filter(|id| messages.iter().all(|message| message.id != *id)).collect();
    named(connection, room, &wanted).await
}

/// Reads the reader's reactions to messages.
pub(super) async fn own_reactions<'a>(
    connection: &mut SqliteConnection,
    room: RoomId,
    reader: MemberId,
    messages: impl Iterator<Item = &'a Message>,
) -> Result<Vec<OwnReactions>, sqlx::Error> {
    const OWN: &str = "
        SELECT message.message_id, reaction.emoji
        FROM json_each(?2) AS wanted
        CROSS JOIN message ON message.room_id = ?1 AND message.message_id = unhex(wanted.value, '-')
        CROSS JOIN reaction ON reaction.message = message.id AND reaction.member_id = ?3
        ORDER BY message.id, reaction.seq";
    let wanted = messages.filter(|message| !message.reactions.is_empty());
    let wanted: Vec<MessageId> = wanted.map(|message| message.id).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, String)> = sqlx::query_as(OWN)
        .bind(to_sql(room.0))
        .bind(encode(&wanted))
        .bind(to_sql(reader.0))
        .fetch_all(connection)
        .await?;
    let mut own: Vec<OwnReactions> = Vec::new();
    for (message, emoji) in rows {
        let Ok(message) = MessageId::try_from(message) else { continue };
        match own.last_mut().filter(|last| last.message == message) {
            Some(last) => last.emoji.push(emoji),
            None => own.push(OwnReactions { message, emoji: vec![emoji] }),
        }
    }
    Ok(own)
}
