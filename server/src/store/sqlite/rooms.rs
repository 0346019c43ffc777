//! Lists, finds and creates rooms. Called by `store`; the chat checks who may create a room.

use std::iter;

use hubbub_protocol::{Message, RoomId, RoomInfo, Slug};
use sqlx::{FromRow, Row, SqliteConnection, SqlitePool};

use super::errors::failed;
use super::free_name::first_free;
use super::rows::{MessageRow, RoomRow, message_columns, to_sql};
use super::writer::Writer;
use crate::store::{CreateRoomError, NewRoom, StoreError};

pub(super) async fn all(readers: &SqlitePool) -> Result<Vec<RoomInfo>, StoreError> {
    let rows: Vec<RoomRow> = sqlx::query_as("SELECT id, slug, name, topic FROM room ORDER BY id")
        .fetch_all(readers)
        .await
        .map_err(failed)?;
    Ok(rows.into_iter().map(RoomInfo::from).collect())
}

pub(super) async fn all_with_last_message(
    readers: &SqlitePool,
) -> Result<Vec<(RoomInfo, Option<Message>)>, StoreError> {
    const WITH_LAST_MESSAGE: &str = concat!(
        "SELECT room.id, room.slug, room.name, room.topic, ",
        message_columns!(),
        " FROM room
          LEFT JOIN message ON message.id = (
              SELECT id FROM message AS last
              WHERE last.room_id = room.id AND last.kind IS NULL AND last.deleted_at IS NULL
              ORDER BY last.seq DESC LIMIT 1)
          LEFT JOIN member ON member.id = message.member_id
          ORDER BY room.id"
    );
    let rows = sqlx::query(WITH_LAST_MESSAGE).fetch_all(readers).await.map_err(failed)?;
    rows.iter()
        .map(|row| {
            let has_message = row.try_get::<Option<i64>, _>("seq")?.is_some();
            let last = has_message.then(|| MessageRow::from_row(row)).transpose()?;
            Ok((RoomRow::from_row(row)?.into(), last.and_then(MessageRow::into_message)))
        })
        .collect::<Result<_, sqlx::Error>>()
        .map_err(failed)
}

pub(super) async fn by_id(readers: &SqlitePool, id: RoomId) -> Result<Option<RoomInfo>, StoreError> {
    let row: Option<RoomRow> = sqlx::query_as("SELECT id, slug, name, topic FROM room WHERE id = ?1")
        .bind(to_sql(id.0))
        .fetch_optional(readers)
        .await
        .map_err(failed)?;
    Ok(row.map(RoomInfo::from))
}

pub(super) async fn by_slug(readers: &SqlitePool, slug: &Slug) -> Result<Option<RoomInfo>, StoreError> {
    let row: Option<RoomRow> = sqlx::query_as("SELECT id, slug, name, topic FROM room WHERE slug = ?1")
        .bind(slug.as_str())
        .fetch_optional(readers)
        .await
        .map_err(failed)?;
    Ok(row.map(RoomInfo::from))
}

pub(super) async fn create(writer: &Writer, room: NewRoom) -> Result<RoomInfo, CreateRoomError> {
    let created = writer.write(move |connection| Box::pin(insert(connection, room))).await?;
    created.ok_or(CreateRoomError::NameTaken)
}

/// Returns None if another room has the name. Rooms of one name may be in the database: earlier versions created them.
async fn insert(connection: &mut SqliteConnection, room: NewRoom) -> Result<Option<RoomInfo>, sqlx::Error> {
    // The collation `anycase` is that of `connections`.
    const HAS_NAME: &str = "SELECT EXISTS (SELECT 1 FROM room WHERE name = ?1 COLLATE anycase)";
    const TAKEN: &str = "SELECT slug FROM room WHERE slug IN (SELECT value FROM json_each(?1))";
    const INSERT: &str = "
        INSERT INTO room (id, slug, name, topic, created_by, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        RETURNING id, slug, name, topic";
    const INSERT_STREAM: &str = "INSERT INTO stream (kind) VALUES ('room') RETURNING id";

    if sqlx::query_scalar(HAS_NAME).bind(room.name.as_str()).fetch_one(&mut *connection).await? {
        return Ok(None);
    }
    let wanted = Slug::from_name(room.name.as_str());
    let numbered = (2..).map(|n| wanted.numbered(n));
    let slugs = iter::once(wanted.clone()).chain(numbered).map(|slug| (slug.as_str().to_owned(), slug));
    let slug = first_free(connection, TAKEN, slugs).await?;
    let stream: i64 = sqlx::query_scalar(INSERT_STREAM).fetch_one(&mut *connection).await?;
    let row: RoomRow = sqlx::query_as(INSERT)
        .bind(stream)
        .bind(slug.as_str())
        .bind(room.name.as_str())
        .bind(room.topic.as_str())
        .bind(to_sql(room.by.0))
        .bind(to_sql(room.at.0))
        .fetch_one(connection)
        .await?;
    Ok(Some(row.into()))
}
