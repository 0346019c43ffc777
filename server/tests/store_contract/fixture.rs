//! The fixture of the contract tests: an empty store, members, rooms and operations.

use std::sync::Arc;

use async_trait::async_trait;
use hubbub::chat::decide;
use hubbub::store::sqlite::SqliteStore;
use hubbub::store::{
    Committed, Intent, NewRoom, NewSession, OperationError, PageQuery, RoomPage, Store, Submitted, TokenHash,
};
use hubbub_protocol::text::{Body, DisplayName, RoomName, Topic};
use hubbub_protocol::{Change, Member, Message, MessageId, OpId, RoomId, RoomInfo, Seq, UnixMillis, What};
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

/// The time of the first operation in these tests.
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

/// The id of the nth operation.
pub(crate) fn op(n: u64) -> OpId {
    OpId::mint(UnixMillis(NOW.0 + n), [0; 10])
}

/// The id of the message that the nth operation posts.
pub(crate) fn id(n: u64) -> MessageId {
    op(n).into()
}

/// Returns the nth operation.
pub(crate) fn operation(room: RoomId, by: &Member, n: u64, intent: Intent) -> Submitted {
    Submitted { room, op: op(n), by: by.id, at: UnixMillis(NOW.0 + n), intent }
}

pub(crate) fn post(room: RoomId, by: &Member, n: u64, body: &str) -> Submitted {
    operation(room, by, n, Intent::Post { body: text(body), reply_to: None })
}

pub(crate) fn reply(room: RoomId, by: &Member, n: u64, to: u64, body: &str) -> Submitted {
    operation(room, by, n, Intent::Post { body: text(body), reply_to: Some(id(to)) })
}

pub(crate) fn edit(room: RoomId, by: &Member, n: u64, message: u64, body: &str) -> Submitted {
    operation(room, by, n, Intent::Edit { message: id(message), body: text(body) })
}

pub(crate) fn delete(room: RoomId, by: &Member, n: u64, message: u64) -> Submitted {
    operation(room, by, n, Intent::Delete { message: id(message) })
}

pub(crate) fn react(room: RoomId, by: &Member, n: u64, message: u64, emoji: &str, on: bool) -> Submitted {
    let emoji = emojis::get(emoji).expect("an emoji");
    operation(room, by, n, Intent::React { message: id(message), emoji: emoji.as_str(), name: emoji.name(), on })
}

pub(crate) fn pin(room: RoomId, by: &Member, n: u64, message: u64, on: bool) -> Submitted {
    operation(room, by, n, Intent::Pin { message: id(message), on })
}

pub(crate) fn describe(room: RoomId, by: &Member, n: u64, name: &str, topic: &str) -> Submitted {
    let (name, topic) = (RoomName::parse(name).expect("a name"), Topic::parse(topic).expect("a topic"));
    operation(room, by, n, Intent::Describe { name, topic })
}

fn text(body: &str) -> Body {
    Body::parse(body).expect("a body")
}

/// Returns the change that the store makes of a post that answers no message.
pub(crate) fn change(post: &Submitted, by: &Member, seq: u64) -> Change {
    let Intent::Post { body, reply_to: None } = &post.intent else { panic!("no plain post: {post:?}") };
    let what = What::Posted { body: body.as_str().to_owned(), reply_to: None };
    Change { seq: Seq(seq), at: post.at, by: by.clone(), targets: vec![post.op.into()], what }
}

/// Returns the message that a post which answers no message adds.
pub(crate) fn message(post: &Submitted, by: &Member, seq: u64) -> Message {
    Message::added_by(&change(post, by, seq)).expect("a post adds a message")
}

/// Carries out a batch by the rules of the chat.
pub(crate) async fn commit(store: &dyn Store, batch: Vec<Submitted>) -> Vec<Result<Committed, OperationError>> {
    store.commit(batch, decide).await.expect("the batch is committed")
}

/// Carries out one operation.
pub(crate) async fn commit_one(store: &dyn Store, submitted: Submitted) -> Result<Committed, OperationError> {
    commit(store, vec![submitted]).await.pop().expect("one result for one operation")
}

/// Carries out operations that each must make a change. Returns the changes.
pub(crate) async fn changes(store: &dyn Store, batch: Vec<Submitted>) -> Vec<Change> {
    let outcomes = commit(store, batch).await.into_iter();
    outcomes
        .map(|outcome| match outcome {
            Ok(Committed::Now(change)) => change,
            other => panic!("no change: {other:?}"),
        })
        .collect()
}

pub(crate) async fn page(store: &dyn Store, room: RoomId, reader: &Member, query: PageQuery) -> RoomPage {
    store.page(room, reader.id, query).await.expect("the page is read").expect("the room exists")
}

/// Returns one message of a room, with `mine` unread.
pub(crate) async fn message_of(store: &dyn Store, room: RoomId, reader: &Member, n: u64) -> Message {
    let mut found = page(store, room, reader, PageQuery::Messages(vec![id(n)])).await.page.messages;
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// Returns all messages of a room.
pub(crate) async fn messages_of(store: &dyn Store, room: RoomId, reader: &Member) -> Vec<Message> {
    let mut all: Vec<Message> = Vec::new();
    loop {
        let after = all.last().map_or(Seq(0), |last| last.seq);
        let found = page(store, room, reader, PageQuery::After(after)).await.page;
        all.extend(found.messages);
        if !found.newer {
            return all;
        }
    }
}

pub(crate) fn seqs(messages: &[Message]) -> Vec<u64> {
    messages.iter().map(|message| message.seq.0).collect()
}

pub(crate) fn bodies(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.body.as_str()).collect()
}
