//! The fixture of the contract tests: an empty store, members, rooms and drafts.

use std::sync::Arc;

use async_trait::async_trait;
use hubbub::store::sqlite::SqliteStore;
use hubbub::store::{AppendError, Appended, Draft, NewRoom, NewSession, Store, TokenHash};
use hubbub_protocol::text::{Body, DisplayName, RoomName, Topic};
use hubbub_protocol::{Event, Member, MessageId, RoomId, RoomInfo, Seq, UnixMillis, What};
use tempfile::TempDir;

/// An empty store. A store that is closed and opened again holds the same data.
#[async_trait]
pub(crate) trait Fixture: Send + Sync {
    fn new() -> Self
    where
        Self: Sized;
    async fn open(&self) -> Arc<dyn Store>;
}

pub(crate) struct Sqlite(TempDir);

#[async_trait]
impl Fixture for Sqlite {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder for the test"))
    }

    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(self.0.path()).await.expect("the store opens"))
    }
}

/// The time of all events in these tests.
pub(crate) const NOW: UnixMillis = UnixMillis(1_760_000_000_000);
/// The time at which sessions expire unless a test sets another.
pub(crate) const TOMORROW: UnixMillis = UnixMillis(NOW.0 + 86_400_000);

pub(crate) fn token(n: u8) -> TokenHash {
    TokenHash([n; 32])
}

pub(crate) fn named(name: &str, n: u8) -> NewSession {
    let name = DisplayName::parse(name).expect("a name");
    NewSession { name, token: token(n), at: NOW, expires_at: TOMORROW }
}

pub(crate) async fn kira(store: &dyn Store) -> Member {
    store.start_session(named("Kira", 1)).await.expect("Kira's name is free")
}

pub(crate) async fn jonas(store: &dyn Store) -> Member {
    store.start_session(named("Jonas", 2)).await.expect("Jonas's name is free")
}

pub(crate) async fn lobby(store: &dyn Store) -> RoomId {
    store.rooms().await.expect("rooms")[0].id
}

pub(crate) async fn room(store: &dyn Store, name: &str, by: &Member) -> RoomInfo {
    let (name, topic) = (RoomName::parse(name).expect("a name"), Topic::parse("").expect("a topic"));
    store.create_room(NewRoom { name, topic, by: by.id, at: NOW }).await.expect("the room is created")
}

pub(crate) fn id(n: u64) -> MessageId {
    MessageId::mint(UnixMillis(NOW.0 + n), [0; 10])
}

pub(crate) fn draft(room: RoomId, by: &Member, n: u64, body: &str) -> Draft {
    Draft { room, by: by.id, id: id(n), body: Body::parse(body).expect("a body"), at: UnixMillis(NOW.0 + n) }
}

/// Returns the event that the store makes of a draft.
pub(crate) fn event(draft: &Draft, by: &Member, seq: u64) -> Event {
    let what = What::Posted { id: draft.id, body: draft.body.as_str().to_owned() };
    Event { seq: Seq(seq), at: draft.at, by: by.clone(), what }
}

pub(crate) async fn append(store: &dyn Store, batch: Vec<Draft>) -> Vec<Result<Appended, AppendError>> {
    store.append(batch).await.expect("the batch is appended")
}

/// Returns all events of a room.
pub(crate) async fn log_of(store: &dyn Store, room: RoomId) -> Vec<Event> {
    store.events_after(room, Seq(0), 100_000).await.expect("the log is read")
}

pub(crate) fn seqs(events: &[Event]) -> Vec<u64> {
    events.iter().map(|event| event.seq.0).collect()
}

pub(crate) fn bodies(events: &[Event]) -> Vec<&str> {
    events
        .iter()
        .map(|event| match &event.what {
            What::Posted { body, .. } => body.as_str(),
            What::Unknown => "",
        })
        .collect()
}
