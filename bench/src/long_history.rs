//! Writes the history of a room straight into the database of a server that is stopped: posting a million messages would
//! take longer than the rest of a run. It knows the tables of `server/migrations/sqlite`.

use std::path::Path;

use anyhow::Result;
use hubbub_protocol::RoomId;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::runtime;

/// Every tenth message has a reaction of three members.
const REACTED: &str = "(seq - ?2) % 10 = 0";

/// Adds messages to a room. A tenth of them has three reactions each.
pub(crate) fn write(database: &Path, room: RoomId, n_messages: u32) -> Result<()> {
    // sqlx needs a runtime with I/O, although the connection is a thread.
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(database).synchronous(SqliteSynchronous::Off);
        let mut connection = options.connect().await?;
        add(&mut connection, i64::try_from(room.0)?, i64::from(n_messages)).await?;
        Ok(connection.close().await?)
    })
}

async fn add(connection: &mut SqliteConnection, room: i64, n_messages: i64) -> sqlx::Result<()> {
    let mut transaction = connection.begin().await?;
    let head: i64 =
        sqlx::query_scalar("SELECT head FROM stream WHERE id = ?1").bind(room).fetch_one(&mut *transaction).await?;
    // The ids are UUIDs of version 7 whose time is the number of the message.
    let messages = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?3) \
                    INSERT INTO message (room_id, message_id, seq, rev, member_id, at, body) \
                    SELECT ?1, unhex(printf('%012x70008%015x', n, n)), ?2 + n, ?2 + n, \
                           (SELECT min(id) FROM member), 1760000000000 + n, 'Message ' || n || ' of a long history.' \
                    FROM numbers";
    sqlx::query(messages).bind(room).bind(head).bind(n_messages).execute(&mut *transaction).await?;
    // Each reaction is a change, after those of the messages.
    let reactions = sqlx::AssertSqlSafe(format!(
        "INSERT INTO reaction (message, member_id, emoji, seq) \
         SELECT message.id, three.id, '👍', ?2 + ?3 + ((seq - ?2) / 10 - 1) * 3 + three.n \
         FROM message JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM member ORDER BY id LIMIT 3) AS three \
         WHERE room_id = ?1 AND seq > ?2 AND {REACTED}"
    ));
    sqlx::query(reactions).bind(room).bind(head).bind(n_messages).execute(&mut *transaction).await?;
    let reacted = sqlx::AssertSqlSafe(format!(
        "UPDATE message SET reactions = '[{{\"emoji\":\"👍\",\"name\":\"thumbs up\",\"count\":3}}]', \
                            rev = ?2 + ?3 + (seq - ?2) / 10 * 3 \
         WHERE room_id = ?1 AND seq > ?2 AND {REACTED}"
    ));
    sqlx::query(reacted).bind(room).bind(head).bind(n_messages).execute(&mut *transaction).await?;
    let head = head + n_messages + n_messages / 10 * 3;
    sqlx::query("UPDATE stream SET head = ?2 WHERE id = ?1").bind(room).bind(head).execute(&mut *transaction).await?;
    transaction.commit().await
}
