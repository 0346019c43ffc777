//! Appends a batch of drafts to the log in one transaction. Called by `store`, after the chat has checked who may post.
//!
//! Two statements append a batch of any length. Each statement is a switch to SQLite's thread and back, and with a
//! thousand readers the switch costs more than the statement itself.

use std::borrow::Cow;
use std::collections::HashMap;
use std::slice;
use std::sync::Arc;

use hubbub_protocol::{Event, Member, MemberId, MessageId, RoomId, Seq, UnixMillis, What};
use sqlx::SqliteConnection;
use sqlx::types::Json;

use super::errors::{commit_failed, failed, is_about_the_data};
use super::marker::Progress;
use super::rows::to_sql;
use super::writer::Writer;
use crate::store::{AppendError, Appended, Draft, StoreError};

type AppendOutcome = Result<Appended, AppendError>;
type Key = (RoomId, MessageId);
/// A row of `event` as JSON: room, seq, at, author, message, body.
type NewEvent<'a> = (i64, u64, i64, i64, MessageId, &'a str);

pub(super) async fn append(
    writer: &Writer,
    progress: &Progress,
    batch: Vec<Draft>,
) -> Result<Vec<AppendOutcome>, StoreError> {
    let batch: Arc<[Draft]> = batch.into();
    let whole = Arc::clone(&batch);
    let counted = progress.clone();
    let at_once = writer.write_in_one(move |connection| {
        Box::pin(async move {
            let answers = at_once(connection, &whole).await?;
            counted.add(n_stored(&answers));
            Ok(answers)
        })
    });
    match at_once.await {
        Err(StoreError::Failed(error)) if error.downcast_ref().is_some_and(is_about_the_data) => {
            let one_by_one =
                writer.write(move |connection| Box::pin(async move { one_by_one(connection, &batch).await }));
            let answers = one_by_one.await?;
            progress.add(n_stored(&answers));
            Ok(answers)
        }
        answered => answered,
    }
}

fn n_stored(answers: &[AppendOutcome]) -> usize {
    answers.iter().filter(|answer| matches!(answer, Ok(Appended::Now(_)))).count()
}

async fn at_once(connection: &mut SqliteConnection, batch: &[Draft]) -> Result<Vec<AppendOutcome>, StoreError> {
    let (answers, new_events) = plan(connection, batch).await.map_err(failed)?;
    insert(connection, &new_events).await.map_err(commit_failed)?;
    Ok(answers)
}

/// Appends each draft in a savepoint of its own, so that a refused draft doesn't affect the others. Used after the
/// database has refused the data of a whole batch.
async fn one_by_one(connection: &mut SqliteConnection, batch: &[Draft]) -> Result<Vec<AppendOutcome>, sqlx::Error> {
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

async fn one(connection: &mut SqliteConnection, draft: &Draft) -> Result<Vec<AppendOutcome>, sqlx::Error> {
    let (answer, new_event) = plan(connection, slice::from_ref(draft)).await?;
    insert(connection, &new_event).await?;
    Ok(answer)
}

/// Returns the result for each draft, and the events to insert. The seqs follow the heads that this reads. If another
/// process appends to a room before the insert, the database refuses the insert.
async fn plan<'a>(
    connection: &mut SqliteConnection,
    batch: &'a [Draft],
) -> Result<(Vec<AppendOutcome>, Vec<NewEvent<'a>>), sqlx::Error> {
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

/// A stored message, to compare with a draft of the same id.
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

    fn answer(&self, draft: &Draft) -> AppendOutcome {
        if self.by != draft.by || self.body != draft.body.as_str() {
            return Err(AppendError::Conflict);
        }
        Ok(Appended::Before { seq: self.seq, at: self.at })
    }
}

/// The stored messages, heads and names that a batch refers to.
struct Known<'a> {
    stored: HashMap<Key, Stored<'a>>,
    heads: HashMap<RoomId, Seq>,
    /// The names of the authors. The foreign key refuses an author that doesn't exist.
    names: HashMap<MemberId, String>,
}

/// A stored message as JSON: index of its draft, seq, at, author, body.
type StoredRow = (usize, u64, u64, u64, String);
/// One row with everything: stored messages, rooms with their heads, members with their names.
type KnownRow = (Json<Vec<StoredRow>>, Json<Vec<(u64, u64)>>, Json<Vec<(u64, String)>>);

async fn known<'a>(connection: &mut SqliteConnection, batch: &[Draft]) -> Result<Known<'a>, sqlx::Error> {
    // CROSS JOIN fixes the order of the join: one lookup in the index for each draft.
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
