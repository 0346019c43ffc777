//! Reads what changed in a room after a seq: the messages in their current state, and the room's state. Called by `store`;
//! writes nothing.

use hubbub_protocol::{MemberId, Message, RoomId, RoomState, Seq};
use sqlx::{SqliteConnection, SqlitePool};

use super::errors::failed;
use super::pages::{own_reactions, room_state};
use super::rows::{MessageRow, from_sql, message_columns, to_sql};
use crate::store::{ChangedRows, StoreError};

pub(super) async fn head(readers: &SqlitePool, room: RoomId) -> Result<Option<Seq>, StoreError> {
    let head: Option<i64> = sqlx::query_scalar("SELECT head FROM stream WHERE id = ?1")
        .bind(to_sql(room.0))
        .fetch_optional(readers)
        .await
        .map_err(failed)?;
    Ok(head.map(|head| Seq(from_sql(head))))
}

pub(super) async fn after(
    readers: &SqlitePool,
    room: RoomId,
    reader: MemberId,
    after: Seq,
    limit: usize,
) -> Result<Option<ChangedRows>, StoreError> {
    let read = async {
        let mut transaction = readers.begin().await?;
        let Some(state) = room_state(&mut transaction, room).await? else { return Ok(None) };
        let head = Seq(from_sql(state.head));
        let state = Some(RoomState::from(state)).filter(|state| state.rev > after);
        let messages = changed_messages(&mut transaction, room, after, limit).await?;
        let mine = own_reactions(&mut transaction, room, reader, messages.iter().flatten()).await?;
        Ok(Some(ChangedRows { head, state, messages, mine }))
    };
    read.await.map_err(failed)
}

/// Returns None if there are more than `limit`.
async fn changed_messages(
    connection: &mut SqliteConnection,
    room: RoomId,
    after: Seq,
    limit: usize,
) -> Result<Option<Vec<Message>>, sqlx::Error> {
    const POSTED: &str = concat!(
        "SELECT ",
        message_columns!(),
        " FROM message JOIN member ON member.id = message.member_id
          WHERE message.room_id = ?1 AND message.seq > ?2 ORDER BY message.seq LIMIT ?3"
    );
    // The conditions name what the partial index has: messages that changed after they were posted.
    const CHANGED: &str = concat!(
        "SELECT ",
        message_columns!(),
        " FROM message JOIN member ON member.id = message.member_id
          WHERE message.room_id = ?1 AND message.rev > ?2 AND message.rev <> message.seq AND message.seq <= ?2
          ORDER BY message.rev LIMIT ?3"
    );
    let mut messages = Vec::new();
    for sql in [POSTED, CHANGED] {
        let rows: Vec<MessageRow> = sqlx::query_as(sql)
            .bind(to_sql(room.0))
            .bind(to_sql(after.0))
            .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
            .fetch_all(&mut *connection)
            .await?;
        messages.extend(rows.into_iter().filter_map(MessageRow::into_message));
    }
    messages.sort_unstable_by_key(|message| message.rev);
    Ok((messages.len() <= limit).then_some(messages))
}
