//! The log grows: a batch of drafts becomes events, all or none. Called by `store`; who may post what has been decided
//! by then.
//!
//! Two statements do it, however long the batch is: a statement goes to SQLite's thread and back, and among a thousand
//! readers each such turn of the threads costs more than what it asks for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::slice;
use std::sync::Arc;

use hubbub_protocol::{Event, Member, MemberId, MessageId, RoomId, Seq, UnixMillis, What};
use sqlx::SqliteConnection;
use sqlx::types::Json;

use super::errors::{commit_failed, failed, is_about_the_data};
use super::rows::to_sql;
use super::writer::Writer;
use crate::store::{AppendError, Appended, Draft, StoreError};

type Answer = Result<Appended, AppendError>;
type Key = (RoomId, MessageId);
/// A row of `event` as JSON: room, seq, at, author, message, body.
type NewEvent<'a> = (i64, u64, i64, i64, MessageId, &'a str);

pub(super) async fn append(writer: &Writer, batch: Vec<Draft>) -> Result<Vec<Answer>, StoreError> {
    let batch: Arc<[Draft]> = batch.into();
    let whole = Arc::clone(&batch);
    match writer.write_in_one(move |connection| Box::pin(async move { at_once(connection, &whole).await })).await {
        Err(StoreError::Failed(error)) if error.downcast_ref().is_some_and(is_about_the_data) => {
            writer.write(move |connection| Box::pin(async move { one_by_one(connection, &batch).await })).await
        }
        answered => answered,
    }
}

async fn at_once(connection: &mut SqliteConnection, batch: &[Draft]) -> Result<Vec<Answer>, StoreError> {
    let (answers, new_events) = plan(connection, batch).await.map_err(failed)?;
    insert(connection, &new_events).await.map_err(commit_failed)?;
    Ok(answers)
}

/// What is left when the database refuses a batch for what is in it: each draft in a savepoint of its own, so that
/// the refused one spares the rest.
async fn one_by_one(connection: &mut SqliteConnection, batch: &[Draft]) -> Result<Vec<Answer>, sqlx::Error> {
    let mut answers = Vec::with_capacity(batch.len());
    for draft in batch {
        sqlx::query("SAVEPOINT draft").execute(&mut *connection).await?;
        match one(connection, draft).await {
            Ok(answer) => answers.extend(answer),
            Err(error) if is_about_the_data(&error) => {
                tracing::error!(room = %draft.room, %error, "a draft was refused by the database");
                sqlx::query("ROLLBACK TO draft").execute(&mut *connection).await?;
                answers.push(Err(AppendError::Failed));
            }
            Err(error) => return Err(error),
        }
        sqlx::query("RELEASE draft").execute(&mut *connection).await?;
    }
    Ok(answers)
}

async fn one(connection: &mut SqliteConnection, draft: &Draft) -> Result<Vec<Answer>, sqlx::Error> {
    let (answer, new_event) = plan(connection, slice::from_ref(draft)).await?;
    insert(connection, &new_event).await?;
    Ok(answer)
}

/// What each draft is answered with, and what is to be inserted for that. The seqs are those that come next after what
/// is read here; should someone else add to a room meanwhile, the insert is refused, since the room's row has moved on.
async fn plan<'a>(
    connection: &mut SqliteConnection,
    batch: &'a [Draft],
) -> Result<(Vec<Answer>, Vec<NewEvent<'a>>), sqlx::Error> {
    let Known { mut stored, mut heads, names } = known(connection, batch).await?;
    let mut new_events = Vec::with_capacity(batch.len());
    let answers = batch.iter().map(|draft| {
        if let Some(stored) = stored.get(&key(draft)) {
            return stored.answer(draft);
        }
        let head = heads.get_mut(&draft.room).ok_or(AppendError::NoSuchRoom)?;
        *head = head.next();
        new_events.push(new_event(draft, *head));
        stored.insert(key(draft), Stored::by(draft, *head));
        Ok(Appended::Now(event(draft, *head, &names)))
    });
    Ok((answers.collect(), new_events))
}

/// A message that is in the log, to compare a draft of the same id with.
struct Stored<'a> {
    seq: Seq,
    at: UnixMillis,
    by: MemberId,
    body: Cow<'a, str>,
}

impl<'a> Stored<'a> {
    fn by(draft: &'a Draft, seq: Seq) -> Self {
        Self { seq, at: draft.at, by: draft.by, body: Cow::Borrowed(draft.body.as_str()) }
    }

    fn answer(&self, draft: &Draft) -> Answer {
        if self.by != draft.by || self.body != draft.body.as_str() {
            return Err(AppendError::Conflict);
        }
        Ok(Appended::Before { seq: self.seq, at: self.at })
    }
}

/// What the log knows about a batch.
struct Known<'a> {
    stored: HashMap<Key, Stored<'a>>,
    heads: HashMap<RoomId, Seq>,
    /// Of the authors. One that isn't there is found out by the foreign key.
    names: HashMap<MemberId, String>,
}

/// A stored message as JSON: which draft's it is, seq, at, author, body.
type StoredRow = (usize, u64, u64, u64, String);
/// All that is known in one row: stored messages, rooms with their heads, members with their names.
type KnownRow = (Json<Vec<StoredRow>>, Json<Vec<(u64, u64)>>, Json<Vec<(u64, String)>>);

async fn known<'a>(connection: &mut SqliteConnection, batch: &[Draft]) -> Result<Known<'a>, sqlx::Error> {
    // CROSS JOIN keeps SQLite to this order: one look into the index for each draft.
    const KNOWN: &str = "
        SELECT (SELECT json_group_array(json_array(draft.key, event.seq, event.at, event.member_id, event.body))
                FROM json_each(?1) AS draft
                CROSS JOIN event
                ON event.room_id = draft.value ->> 0 AND event.message_id = unhex(draft.value ->> 1, '-')),
               (SELECT json_group_array(json_array(id, head)) FROM room
                WHERE id IN (SELECT value ->> 0 FROM json_each(?1))),
               (SELECT json_group_array(json_array(id, name)) FROM member
                WHERE id IN (SELECT value ->> 2 FROM json_each(?1)))";
    let drafts: Vec<(i64, MessageId, i64)> =
        batch.iter().map(|draft| (to_sql(draft.room.0), draft.id, to_sql(draft.by.0))).collect();
    let (Json(stored), Json(heads), Json(names)): KnownRow =
        sqlx::query_as(KNOWN).bind(Json(drafts)).fetch_one(connection).await?;
    let stored = stored.into_iter().map(|(draft, seq, at, by, body)| {
        let stored = Stored { seq: Seq(seq), at: UnixMillis(at), by: MemberId(by), body: Cow::Owned(body) };
        (key(&batch[draft]), stored)
    });
    Ok(Known {
        stored: stored.collect(),
        heads: heads.into_iter().map(|(room, head)| (RoomId(room), Seq(head))).collect(),
        names: names.into_iter().map(|(member, name)| (MemberId(member), name)).collect(),
    })
}

async fn insert(connection: &mut SqliteConnection, new_events: &[NewEvent<'_>]) -> Result<(), sqlx::Error> {
    const INSERT: &str = "
        INSERT INTO event (room_id, seq, at, member_id, message_id, body)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, unhex(value ->> 4, '-'), value ->> 5
        FROM json_each(?1)";
    if !new_events.is_empty() {
        sqlx::query(INSERT).bind(Json(new_events)).execute(connection).await?;
    }
    Ok(())
}

fn key(draft: &Draft) -> Key {
    (draft.room, draft.id)
}

fn event(draft: &Draft, seq: Seq, names: &HashMap<MemberId, String>) -> Event {
    let name = names.get(&draft.by).cloned().unwrap_or_default();
    Event {
        seq,
        at: draft.at,
        by: Member { id: draft.by, name },
        what: What::Posted { id: draft.id, body: draft.body.as_str().to_owned() },
    }
}

fn new_event(draft: &Draft, seq: Seq) -> NewEvent<'_> {
    (to_sql(draft.room.0), seq.0, to_sql(draft.at.0), to_sql(draft.by.0), draft.id, draft.body.as_str())
}
