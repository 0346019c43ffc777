//! Reads the log of a room: pages in both directions, and the head. Called by `store`; writes nothing.

use hubbub_protocol::{Event, RoomId, Seq};
use sqlx::SqlitePool;

use super::errors::failed;
use super::rows::{EventRow, from_sql, to_sql};
use crate::store::StoreError;

pub(super) async fn head(readers: &SqlitePool, room: RoomId) -> Result<Option<Seq>, StoreError> {
    let head: Option<i64> = sqlx::query_scalar("SELECT head FROM room WHERE id = ?1")
        .bind(to_sql(room.0))
        .fetch_optional(readers)
        .await
        .map_err(failed)?;
    Ok(head.map(|head| Seq(from_sql(head))))
}

pub(super) async fn after(
    readers: &SqlitePool,
    room: RoomId,
    after: Seq,
    limit: usize,
) -> Result<Vec<Event>, StoreError> {
    const AFTER: &str = "
        SELECT event.seq, event.at, member.id AS by_id, member.name AS by_name, event.message_id, event.body
        FROM event JOIN member ON member.id = event.member_id
        WHERE event.room_id = ?1 AND event.seq > ?2
        ORDER BY event.seq
        LIMIT ?3";
    page(readers, AFTER, room, after, limit).await
}

pub(super) async fn before(
    readers: &SqlitePool,
    room: RoomId,
    before: Seq,
    limit: usize,
) -> Result<Vec<Event>, StoreError> {
    const BEFORE: &str = "
        SELECT event.seq, event.at, member.id AS by_id, member.name AS by_name, event.message_id, event.body
        FROM event JOIN member ON member.id = event.member_id
        WHERE event.room_id = ?1 AND event.seq < ?2
        ORDER BY event.seq DESC
        LIMIT ?3";
    let mut events = page(readers, BEFORE, room, before, limit).await?;
    events.reverse();
    Ok(events)
}

async fn page(
    readers: &SqlitePool,
    sql: &'static str,
    room: RoomId,
    cursor: Seq,
    limit: usize,
) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<EventRow> = sqlx::query_as(sql)
        .bind(to_sql(room.0))
        .bind(to_sql(cursor.0))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(readers)
        .await
        .map_err(failed)?;
    Ok(rows.into_iter().map(Event::from).collect())
}
