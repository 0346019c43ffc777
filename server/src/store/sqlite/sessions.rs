//! Starts, finds, extends and ends sessions. The member of a session holds a name until the session ends. Called by
//! `store`; creates no token and reads no clock.

use hubbub_protocol::limits::MAX_DISPLAY_NAME_CHARS;
use hubbub_protocol::text::DisplayName;
use hubbub_protocol::{Member, MemberId, UnixMillis};
use sqlx::{SqliteConnection, SqlitePool};

use super::errors::failed;
use super::free_name::first_free;
use super::rows::{from_sql, to_sql};
use super::writer::Writer;
use crate::store::{NewSession, Session, StartSessionError, StoreError, TokenHash};

enum Started {
    As(Member),
    NameTaken { free: DisplayName },
}

pub(super) async fn start(writer: &Writer, session: NewSession) -> Result<Member, StartSessionError> {
    match writer.write(move |connection| Box::pin(insert(connection, session))).await? {
        Started::As(member) => Ok(member),
        Started::NameTaken { free } => Err(StartSessionError::NameTaken { free }),
    }
}

pub(super) async fn live(
    readers: &SqlitePool,
    token: TokenHash,
    now: UnixMillis,
) -> Result<Option<Session>, StoreError> {
    const LIVE: &str = "
        SELECT member.id, member.name, session.expires_at
        FROM session JOIN member ON member.id = session.member_id
        WHERE session.token_hash = ?1 AND session.expires_at > ?2";
    let row: Option<(i64, String, i64)> = sqlx::query_as(LIVE)
        .bind(token.0.to_vec())
        .bind(to_sql(now.0))
        .fetch_optional(readers)
        .await
        .map_err(failed)?;
    Ok(row.map(|(id, name, expires_at)| Session {
        member: Member { id: MemberId(from_sql(id)), name },
        expires_at: UnixMillis(from_sql(expires_at)),
    }))
}

pub(super) async fn extend(writer: &Writer, token: TokenHash, expires_at: UnixMillis) -> Result<(), StoreError> {
    writer
        .write(move |connection| {
            Box::pin(async move {
                sqlx::query("UPDATE session SET expires_at = ?2 WHERE token_hash = ?1")
                    .bind(token.0.to_vec())
                    .bind(to_sql(expires_at.0))
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
}

pub(super) async fn end(writer: &Writer, token: TokenHash) -> Result<(), StoreError> {
    const FREE: &str = "
        UPDATE member SET held_name = NULL
        WHERE id = (SELECT member_id FROM session WHERE token_hash = ?1)";
    const END: &str = "DELETE FROM session WHERE token_hash = ?1";
    writer
        .write(move |connection| {
            Box::pin(async move {
                sqlx::query(FREE).bind(token.0.to_vec()).execute(&mut *connection).await?;
                sqlx::query(END).bind(token.0.to_vec()).execute(connection).await?;
                Ok(())
            })
        })
        .await
}

async fn insert(connection: &mut SqliteConnection, session: NewSession) -> Result<Started, sqlx::Error> {
    const MEMBER: &str = "
        INSERT INTO member (name, held_name, created_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (held_name) DO NOTHING
        RETURNING id";
    const SESSION: &str = "INSERT INTO session (token_hash, member_id, started_at, expires_at) VALUES (?1, ?2, ?3, ?4)";

    end_expired(connection, session.at).await?;
    let id: Option<i64> = sqlx::query_scalar(MEMBER)
        .bind(session.name.as_str())
        .bind(session.name.key())
        .bind(to_sql(session.at.0))
        .fetch_optional(&mut *connection)
        .await?;
    let Some(id) = id else {
        return Ok(Started::NameTaken { free: free_variant(connection, &session.name).await? });
    };
    sqlx::query(SESSION)
        .bind(session.token.0.to_vec())
        .bind(id)
        .bind(to_sql(session.at.0))
        .bind(to_sql(session.expires_at.0))
        .execute(connection)
        .await?;
    Ok(Started::As(Member { id: MemberId(from_sql(id)), name: session.name.into_string() }))
}

async fn end_expired(connection: &mut SqliteConnection, now: UnixMillis) -> Result<(), sqlx::Error> {
    const FREE: &str = "
        UPDATE member SET held_name = NULL
        WHERE id IN (SELECT member_id FROM session WHERE expires_at <= ?1)";
    const END: &str = "DELETE FROM session WHERE expires_at <= ?1";
    sqlx::query(FREE).bind(to_sql(now.0)).execute(&mut *connection).await?;
    sqlx::query(END).bind(to_sql(now.0)).execute(connection).await?;
    Ok(())
}

async fn free_variant(connection: &mut SqliteConnection, name: &DisplayName) -> Result<DisplayName, sqlx::Error> {
    const TAKEN: &str = "SELECT held_name FROM member WHERE held_name IN (SELECT value FROM json_each(?1))";
    let variants = (2_u32..).map(|n| variant(name, n)).map(|name| (name.key(), name));
    first_free(connection, TAKEN, variants).await
}

/// Appends a number to a name, and shortens the name if both don't fit.
fn variant(name: &DisplayName, n: u32) -> DisplayName {
    let number = format!(" {n}");
    let kept: String = name.as_str().chars().take(MAX_DISPLAY_NAME_CHARS - number.len()).collect();
    DisplayName::parse(&format!("{}{number}", kept.trim_end())).expect("a shortened name and a number are a name")
}
