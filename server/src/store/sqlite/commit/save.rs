//! Writes the changed rows of a batch and commits, in one call of SQLite's thread. Called by `commit`.

use hubbub_protocol::MessageId;
use hubbub_protocol::codec::encode;
use serde::Serialize;
use sqlx::types::Uuid;
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::batch::{Batch, MessageKey};
use super::batch_rows::{BatchMessage, Stored};
use crate::store::sqlite::rows::to_sql;

/// How long an operation is remembered: 30 days, as the contract of the store says.
const OPERATIONS_KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// New messages. A row is JSON in the order of the columns.
const INSERT_MESSAGES: &str = "
    INSERT INTO message (room_id, message_id, kind, seq, rev, member_id, at, body, reply_to, replies, edited_at,
                         deleted_at, pinned_seq, reactions, salt)
    SELECT value ->> 0, unhex(value ->> 1, '-'), value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
           value ->> 7, unhex(value ->> 8, '-'), value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13,
           unhex(value ->> 14, '-')
    FROM jsonb_each(?);";
/// Changed messages, by the same rows as new ones.
const UPDATE_MESSAGES: &str = "
    UPDATE message SET rev = new.value ->> 4, body = new.value ->> 7, replies = new.value ->> 9,
           edited_at = new.value ->> 10, deleted_at = new.value ->> 11, pinned_seq = new.value ->> 12,
           reactions = new.value ->> 13, salt = unhex(new.value ->> 14, '-')
    FROM jsonb_each(?) AS new
    WHERE message.room_id = new.value ->> 0 AND message.message_id = unhex(new.value ->> 1, '-');";
const ERASE_REVISIONS: &str = "
    DELETE FROM revision WHERE message IN (
        SELECT message.id FROM jsonb_each(?) AS gone CROSS JOIN message
        ON message.room_id = gone.value ->> 0 AND message.message_id = unhex(gone.value ->> 1, '-'));";
const ERASE_REACTIONS: &str = "
    DELETE FROM reaction WHERE message IN (
        SELECT message.id FROM jsonb_each(?) AS gone CROSS JOIN message
        ON message.room_id = gone.value ->> 0 AND message.message_id = unhex(gone.value ->> 1, '-'));";
const INSERT_REVISIONS: &str = "
    INSERT INTO revision (message, seq, at, body)
    SELECT message.id, old.value ->> 2, old.value ->> 3, old.value ->> 4
    FROM jsonb_each(?) AS old CROSS JOIN message
    ON message.room_id = old.value ->> 0 AND message.message_id = unhex(old.value ->> 1, '-');";
const INSERT_REACTIONS: &str = "
    INSERT OR REPLACE INTO reaction (message, member_id, emoji, seq)
    SELECT message.id, new.value ->> 2, new.value ->> 3, new.value ->> 4
    FROM jsonb_each(?) AS new CROSS JOIN message
    ON message.room_id = new.value ->> 0 AND message.message_id = unhex(new.value ->> 1, '-');";
const DELETE_REACTIONS: &str = "
    DELETE FROM reaction WHERE (message, member_id, emoji) IN (
        SELECT message.id, gone.value ->> 2, gone.value ->> 3
        FROM jsonb_each(?) AS gone CROSS JOIN message
        ON message.room_id = gone.value ->> 0 AND message.message_id = unhex(gone.value ->> 1, '-'));";
const INSERT_OPERATIONS: &str = "
    INSERT INTO operation (stream, op, member_id, kind, target, seq, at, digest)
    SELECT value ->> 0, unhex(value ->> 1, '-'), value ->> 2, value ->> 3, unhex(value ->> 4, '-'), value ->> 5,
           value ->> 6, unhex(value ->> 7, '-')
    FROM jsonb_each(?);";
/// Forgets old operations, oldest first. A batch stores fewer than that, so that the table has no more than those of 30 days.
const DELETE_OLD_OPERATIONS: &str = "
    DELETE FROM operation WHERE (stream, op) IN (
        SELECT stream, op FROM operation
        WHERE at < (SELECT value FROM jsonb_each(?)) ORDER BY at LIMIT 1000);";
const UPDATE_ROOMS: &str = "
    UPDATE room SET rev = new.value ->> 1, name = new.value ->> 2, topic = new.value ->> 3
    FROM jsonb_each(?) AS new WHERE room.id = new.value ->> 0;";
const UPDATE_HEADS: &str = "
    UPDATE stream SET head = new.value ->> 1 FROM jsonb_each(?) AS new WHERE stream.id = new.value ->> 0;";

/// The statements that have rows to write, and the rows as JSON. Each statement has one parameter, without a number: sqlx
/// (0.9) leaves a numbered parameter unbound in a later statement of the same text.
#[derive(Default)]
struct Statements {
    sql: String,
    rows: Vec<String>,
}

impl Statements {
    /// Adds a statement that takes the rows, unless there are none.
    fn add<T: Serialize>(&mut self, sql: &str, rows: &[T]) {
        if !rows.is_empty() {
            self.rows.push(encode(&rows));
            self.sql.push_str(sql);
        }
    }
}

/// Writes what has changed, and commits.
pub(super) async fn save(connection: &mut SqliteConnection, batch: &Batch) -> Result<(), sqlx::Error> {
    let mut statements = Statements::default();
    add_messages(&mut statements, batch);
    add_reactions(&mut statements, batch);
    add_operations(&mut statements, batch);
    add_rooms(&mut statements, batch);
    statements.sql.push_str("COMMIT");
    // The text is made of the constants above; what people wrote is in the rows, which are bound.
    let mut query = sqlx::query(AssertSqlSafe(statements.sql));
    for rows in statements.rows {
        query = query.bind(rows);
    }
    query.execute(connection).await?;
    Ok(())
}

fn add_messages(statements: &mut Statements, batch: &Batch) {
    let rows = |stored| {
        let rows = batch.messages.iter().filter(move |(_, row)| row.stored == stored);
        let mut rows: Vec<_> = rows.map(|(key, row)| message_row(*key, row)).collect();
        // In the order of seq, so that the rows of a page lie beside each other.
        rows.sort_unstable_by_key(|row| (row.0, row.3));
        rows
    };
    statements.add(INSERT_MESSAGES, &rows(Stored::Nothing));
    statements.add(UPDATE_MESSAGES, &rows(Stored::Older));
    let erased = batch.messages.iter().filter(|(_, row)| row.is_erased && row.stored == Stored::Older);
    let erased: Vec<(i64, MessageId)> = erased.map(|((room, id), _)| (to_sql(room.0), *id)).collect();
    statements.add(ERASE_REVISIONS, &erased);
    statements.add(ERASE_REACTIONS, &erased);
    let revisions = batch.revisions.iter();
    let revisions: Vec<_> = revisions
        .map(|row| (to_sql(row.room.0), row.message, to_sql(row.seq.0), to_sql(row.at.0), row.body.as_str()))
        .collect();
    statements.add(INSERT_REVISIONS, &revisions);
}

type NewMessage<'a> = (
    i64,
    MessageId,
    Option<String>,
    i64,
    i64,
    i64,
    i64,
    &'a str,
    Option<MessageId>,
    u32,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    String,
    Option<Uuid>,
);

fn message_row((room, id): MessageKey, row: &BatchMessage) -> NewMessage<'_> {
    let message = &row.message;
    (
        to_sql(room.0),
        id,
        (!message.kind.is_text()).then(|| encode(&message.kind)),
        to_sql(message.seq.0),
        to_sql(message.rev.0),
        to_sql(message.by.id.0),
        to_sql(message.at.0),
        &message.body,
        message.reply_to,
        message.replies,
        message.edited_at.map(|at| to_sql(at.0)),
        message.deleted_at.map(|at| to_sql(at.0)),
        row.pinned_seq.map(|seq| to_sql(seq.0)),
        encode(&message.reactions),
        row.salt.map(|salt| Uuid::from_bytes(salt.0)),
    )
}

fn add_reactions(statements: &mut Statements, batch: &Batch) {
    let changed = || batch.reactions.iter().filter(|(_, row)| row.is_changed);
    let added: Vec<_> = changed()
        .filter_map(|((room, message, by, emoji), row)| {
            Some((to_sql(room.0), *message, to_sql(by.0), emoji, to_sql(row.seq?.0)))
        })
        .collect();
    let removed: Vec<_> = changed()
        .filter(|(_, row)| row.seq.is_none())
        .map(|((room, message, by, emoji), _)| (to_sql(room.0), *message, to_sql(by.0), emoji))
        .collect();
    statements.add(INSERT_REACTIONS, &added);
    statements.add(DELETE_REACTIONS, &removed);
}

fn add_operations(statements: &mut Statements, batch: &Batch) {
    let new = batch.operations.iter().filter(|(_, row)| row.is_new);
    let rows: Vec<_> = new
        .map(|((room, op), row)| {
            let (seq, at) = (to_sql(row.seq.0), to_sql(row.at.0));
            (
                to_sql(room.0),
                *op,
                to_sql(row.by.0),
                row.kind.as_str(),
                row.target,
                seq,
                at,
                Uuid::from_bytes(row.digest.0),
            )
        })
        .collect();
    statements.add(INSERT_OPERATIONS, &rows);
    let newest = rows.iter().map(|row| row.6).max();
    statements.add(DELETE_OLD_OPERATIONS, newest.map(|at| at - OPERATIONS_KEPT_MS).as_slice());
}

fn add_rooms(statements: &mut Statements, batch: &Batch) {
    let changed = batch.rooms.iter().filter(|(_, row)| row.is_changed);
    let changed: Vec<_> =
        changed.map(|(id, row)| (to_sql(id.0), to_sql(row.state.rev.0), &row.state.name, &row.state.topic)).collect();
    statements.add(UPDATE_ROOMS, &changed);
    let moved = batch.rooms.iter().filter(|(_, row)| row.has_moved);
    let moved: Vec<_> = moved.map(|(id, row)| (to_sql(id.0), to_sql(row.head.0))).collect();
    statements.add(UPDATE_HEADS, &moved);
}
