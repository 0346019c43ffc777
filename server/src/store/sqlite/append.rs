//! The log grows: a batch of drafts becomes events in one transaction. Called by `store`; who may post what has been
//! decided by then.
//!
//! It works on the whole batch at once, four statements however long that is: a statement costs some 10 µs on its way
//! to SQLite's thread and back, and a message would need three.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::slice;
use std::sync::Arc;

use hubbub_protocol::{Event, Member, MemberId, MessageId, RoomId, Seq, UnixMillis, What};
use sqlx::SqliteConnection;
use sqlx::types::{Json, Uuid};

use super::errors::is_about_the_data;
use super::rows::{from_sql, to_sql};
use super::writer::Writer;
use crate::store::{AppendError, Appended, Draft, StoreError};

type Answer = Result<Appended, AppendError>;
type Key = (RoomId, MessageId);
/// A row of `event` as JSON: room, seq, at, author, message, body.
type NewEvent<'a> = (i64, u64, i64, i64, MessageId, &'a str);

pub(super) async fn append(writer: &Writer, batch: Vec<Draft>) -> Result<Vec<Answer>, StoreError> {
    let batch: Arc<[Draft]> = batch.into();
    let whole = Arc::clone(&batch);
    match writer.write(move |connection| Box::pin(async move { at_once(connection, &whole).await })).await {
        Err(StoreError::Failed(error)) if error.downcast_ref().is_some_and(is_about_the_data) => {
            writer.write(move |connection| Box::pin(async move { one_by_one(connection, &batch).await })).await
        }
        answered => answered,
    }
}

async fn at_once(connection: &mut SqliteConnection, batch: &[Draft]) -> Result<Vec<Answer>, sqlx::Error> {
    let mut stored = stored_before(connection, batch).await?;
    let mut next_seqs = reserve(connection, batch, &stored).await?;
    let names = names(connection, batch).await?;
    let mut new_events: Vec<NewEvent<'_>> = Vec::with_capacity(batch.len());

    let answers = batch
        .iter()
        .map(|draft| {
            if let Some(stored) = stored.get(&key(draft)) {
                return stored.answer(draft);
            }
            let seq = next_seqs.get_mut(&draft.room).ok_or(AppendError::NoSuchRoom)?;
            let event = event(draft, *seq, &names);
            new_events.push(new_event(draft, *seq));
            stored.insert(key(draft), Stored::by(draft, *seq));
            *seq = seq.next();
            Ok(Appended::Now(event))
        })
        .collect();
    insert(connection, &new_events).await?;
    Ok(answers)
}

/// What is left when the database refuses a batch for what is in it: each draft in a savepoint of its own, so that
/// the refused one spares the rest.
async fn one_by_one(connection: &mut SqliteConnection, batch: &[Draft]) -> Result<Vec<Answer>, sqlx::Error> {
    let mut answers = Vec::with_capacity(batch.len());
    for draft in batch {
        sqlx::query("SAVEPOINT draft").execute(&mut *connection).await?;
        match at_once(connection, slice::from_ref(draft)).await {
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

async fn stored_before<'a>(
    connection: &mut SqliteConnection,
    batch: &[Draft],
) -> Result<HashMap<Key, Stored<'a>>, sqlx::Error> {
    // CROSS JOIN keeps SQLite to this order: one look into the index for each draft.
    const STORED: &str = "
        SELECT event.room_id, event.message_id, event.seq, event.at, event.member_id, event.body
        FROM json_each(?1) AS draft
        CROSS JOIN event ON event.room_id = draft.value ->> 0 AND event.message_id = unhex(draft.value ->> 1, '-')";
    let keys: Vec<(i64, MessageId)> = batch.iter().map(|draft| (to_sql(draft.room.0), draft.id)).collect();
    let rows: Vec<(i64, Uuid, i64, i64, i64, String)> =
        sqlx::query_as(STORED).bind(Json(keys)).fetch_all(connection).await?;
    let stored = rows.into_iter().map(|(room, id, seq, at, by, body)| {
        let key = (RoomId(from_sql(room)), MessageId(id));
        let (seq, at, by) = (Seq(from_sql(seq)), UnixMillis(from_sql(at)), MemberId(from_sql(by)));
        (key, Stored { seq, at, by, body: Cow::Owned(body) })
    });
    Ok(stored.collect())
}

/// Moves the heads on by what is new in each room. Answers the first seq for each; a room that isn't there has none.
async fn reserve(
    connection: &mut SqliteConnection,
    batch: &[Draft],
    stored: &HashMap<Key, Stored<'_>>,
) -> Result<HashMap<RoomId, Seq>, sqlx::Error> {
    const RESERVE: &str = "
        UPDATE room SET head = head + added.n
        FROM (SELECT value ->> 0 AS room_id, value ->> 1 AS n FROM json_each(?1)) AS added
        WHERE room.id = added.room_id
        RETURNING room.id, room.head";
    let mut fresh = HashSet::with_capacity(batch.len());
    let mut added: BTreeMap<i64, u64> = BTreeMap::new();
    for draft in batch {
        if !stored.contains_key(&key(draft)) && fresh.insert(key(draft)) {
            *added.entry(to_sql(draft.room.0)).or_default() += 1;
        }
    }
    let counts: Vec<(i64, u64)> = added.iter().map(|(room, n)| (*room, *n)).collect();
    let heads: Vec<(i64, i64)> = sqlx::query_as(RESERVE).bind(Json(counts)).fetch_all(connection).await?;
    let first = heads.into_iter().map(|(room, head)| (RoomId(from_sql(room)), Seq(from_sql(head) - added[&room] + 1)));
    Ok(first.collect())
}

/// The authors' names. One that isn't there is found out by the foreign key.
async fn names(connection: &mut SqliteConnection, batch: &[Draft]) -> Result<HashMap<MemberId, String>, sqlx::Error> {
    const NAMES: &str = "SELECT id, name FROM member WHERE id IN (SELECT value FROM json_each(?1))";
    let ids: HashSet<i64> = batch.iter().map(|draft| to_sql(draft.by.0)).collect();
    let rows: Vec<(i64, String)> = sqlx::query_as(NAMES).bind(Json(ids)).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(id, name)| (MemberId(from_sql(id)), name)).collect())
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
