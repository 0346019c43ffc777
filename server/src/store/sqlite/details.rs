//! Reads what belongs to one message and doesn't travel with it: who reacted, and its earlier texts. Called by `store`;
//! writes nothing.

use hubbub_protocol::{Member, MemberId, MessageId, Reactors, Revision, RoomId, UnixMillis};
use sqlx::SqlitePool;

use super::errors::failed;
use super::rows::{from_sql, to_sql};
use crate::store::StoreError;

pub(super) async fn reactors(
    readers: &SqlitePool,
    room: RoomId,
    message: MessageId,
    limit: usize,
) -> Result<Vec<Reactors>, StoreError> {
    // The emoji in the order of the message's reactions, and the members in the order in which they reacted.
    const REACTORS: &str = "
        SELECT emoji, id, name FROM (
            SELECT reaction.emoji, member.id, member.name, reaction.seq, listed.key AS place_of_emoji,
                   row_number() OVER (PARTITION BY reaction.emoji ORDER BY reaction.seq) AS place
            FROM message
            JOIN reaction ON reaction.message = message.id
            JOIN json_each(message.reactions) AS listed ON listed.value ->> 'emoji' = reaction.emoji
            JOIN member ON member.id = reaction.member_id
            WHERE message.room_id = ?1 AND message.message_id = ?2)
        WHERE place <= ?3
        ORDER BY place_of_emoji, seq";
    let rows: Vec<(String, i64, String)> = sqlx::query_as(REACTORS)
        .bind(to_sql(room.0))
        .bind(*message.as_uuid())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(readers)
        .await
        .map_err(failed)?;
    let mut reactors: Vec<Reactors> = Vec::new();
    for (emoji, id, name) in rows {
        let member = Member { id: MemberId(from_sql(id)), name };
        match reactors.last_mut().filter(|last| last.emoji == emoji) {
            Some(last) => last.by.push(member),
            None => reactors.push(Reactors { emoji, by: vec![member] }),
        }
    }
    Ok(reactors)
}

pub(super) async fn revisions(
    readers: &SqlitePool,
    room: RoomId,
    message: MessageId,
) -> Result<Vec<Revision>, StoreError> {
    const REVISIONS: &str = "
        SELECT revision.at, revision.body FROM message JOIN revision ON revision.message = message.id
        WHERE message.room_id = ?1 AND message.message_id = ?2 ORDER BY revision.seq";
    let rows: Vec<(i64, String)> = sqlx::query_as(REVISIONS)
        .bind(to_sql(room.0))
        .bind(*message.as_uuid())
        .fetch_all(readers)
        .await
        .map_err(failed)?;
    Ok(rows.into_iter().map(|(at, body)| Revision { at: UnixMillis(from_sql(at)), body }).collect())
}
