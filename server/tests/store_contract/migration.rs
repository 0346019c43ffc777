//! Tests of a data folder from before streams, when a room was a log of posts. `fixtures/before_streams` was written by the
//! program of that time: three people, three rooms, 78 posts, and a session that has ended.

use std::fs;
use std::path::Path;

use hubbub::chat::Token;
use hubbub::store::sqlite::{OpenError, SqliteStore, backup, restore};
use hubbub::store::{Committed, Intent, OperationError, PageQuery, Store, Submitted};
use hubbub_protocol::text::Body;
use hubbub_protocol::{Epoch, Member, MemberId, Message, MessageId, MessageKind, RoomId, Seq, UnixMillis};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::types::Uuid;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tempfile::TempDir;

use crate::fixture::{changes, commit, edit, id, jonas, messages_of, page, post};

/// The value of Kira's cookie.
const KIRAS_TOKEN: &str = "e29db941c48185dff8bcb2b5a8ce7736b3d568d67a11481107511c16c1c33b76";
/// Some hours after the folder was written.
const LATER: UnixMillis = UnixMillis(1_795_600_000_000);

fn old_folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/before_streams");
    for name in ["hubbub.db", "hubbub.marker"] {
        fs::copy(from.join(name), folder.path().join(name)).expect("copied");
    }
    folder
}

async fn connect(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("hubbub.db"));
    options.connect().await.expect("the database opens")
}

/// What the old program stored.
struct Old {
    epoch: Epoch,
    /// Id, slug, name, topic, the member who created it, and the head.
    rooms: Vec<(i64, String, String, String, Option<i64>, i64)>,
    /// By room, in order of seq.
    messages: Vec<(RoomId, Message)>,
}

async fn read_old(folder: &Path) -> Old {
    let mut old = connect(folder).await;
    let epoch: i64 = sqlx::query_scalar("SELECT epoch FROM store").fetch_one(&mut old).await.expect("an epoch");
    let rooms = sqlx::query_as("SELECT id, slug, name, topic, created_by, head FROM room ORDER BY id");
    let rooms = rooms.fetch_all(&mut old).await.expect("rooms");
    let events: Vec<(i64, i64, i64, Uuid, i64, String, String)> = sqlx::query_as(
        "SELECT room_id, seq, at, message_id, member_id, name, body
         FROM event JOIN member ON member.id = member_id ORDER BY room_id, seq",
    )
    .fetch_all(&mut old)
    .await
    .expect("events");
    old.close().await.expect("closed");
    let messages = events.into_iter().map(|(room, seq, at, id, member, name, body)| {
        let seq = Seq(seq.cast_unsigned());
        let message = Message {
            id: MessageId::try_from(id).expect("a UUIDv7"),
            seq,
            rev: seq,
            at: UnixMillis(at.cast_unsigned()),
            by: Member { id: MemberId(member.cast_unsigned()), name },
            kind: MessageKind::Text,
            body,
            reply_to: None,
            replies: 0,
            edited_at: None,
            deleted_at: None,
            pinned: false,
            reactions: Vec::new(),
        };
        (RoomId(room.cast_unsigned()), message)
    });
    Old { epoch: Epoch(epoch.cast_unsigned()), rooms, messages: messages.collect() }
}

/// Asserts that a store has every room and message of the old program.
async fn holds(store: &SqliteStore, old: &Old, reader: &Member) {
    let rooms = store.rooms().await.expect("rooms");
    assert_eq!(rooms.len(), old.rooms.len());
    for (room, (id, slug, name, topic, made_by, head)) in rooms.iter().zip(&old.rooms) {
        assert_eq!(room.id.0, id.cast_unsigned());
        assert_eq!((room.slug.as_str(), &room.name, &room.topic), (slug.as_str(), name, topic));
        assert_eq!(store.head(room.id).await.expect("a head"), Some(Seq(head.cast_unsigned())));
        let state = page(store, room.id, reader, PageQuery::Newest).await.state;
        assert_eq!(state.made_by.map(|member| member.id.0.cast_signed()), *made_by);
        let of_room = old.messages.iter().filter(|(of, _)| *of == room.id).map(|(_, message)| message.clone());
        assert_eq!(messages_of(store, room.id, reader).await, of_room.collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_folder_from_before_streams_opens_with_every_room_message_author_and_session() {
    let folder = old_folder();
    let old = read_old(folder.path()).await;
    assert_eq!((old.rooms.len(), old.messages.len()), (3, 78));
    assert!(old.messages.iter().any(|(_, message)| message.body.chars().count() == 4_000));

    let store = SqliteStore::open(folder.path()).await.expect("the store opens");

    assert_eq!(store.epoch(), old.epoch, "browsers keep their cursors");
    let kiras = Token::from_cookie(KIRAS_TOKEN.to_owned()).hash();
    let kira = store.session(kiras, LATER).await.expect("an answer").expect("the session is kept").member;
    assert_eq!(kira.name, "Kira");
    holds(&store, &old, &kira).await;

    // And it opens again, with what was added.
    changes(&store, vec![post(RoomId(1), &kira, 1, "new"), edit(RoomId(1), &kira, 2, 1, "newer")]).await;
    store.close().await;
    let store = SqliteStore::open(folder.path()).await.expect("the store opens again");
    assert_eq!(store.head(RoomId(1)).await.expect("a head"), Some(Seq(68)));
    jonas(&store).await;
}

#[tokio::test]
async fn a_post_from_before_streams_gets_its_first_ack_and_can_be_edited() {
    let folder = old_folder();
    let old = read_old(folder.path()).await;
    let store = SqliteStore::open(folder.path()).await.expect("the store opens");
    let again = |room: &RoomId, message: &Message, body: &str| Submitted {
        room: *room,
        op: message.id.into(),
        by: message.by.id,
        at: LATER,
        intent: Intent::Post { body: Body::parse(body).expect("a body"), reply_to: None },
    };

    let repeated = commit(&store, old.messages.iter().map(|(room, old)| again(room, old, &old.body)).collect()).await;
    let expected = old.messages.iter().map(|(_, old)| Ok(Committed::Before { seq: old.seq, at: old.at }));
    assert_eq!(repeated, expected.collect::<Vec<_>>());

    let (room, first) = &old.messages[0];
    assert_eq!(commit(&store, vec![again(room, first, "other")]).await, [Err(OperationError::Conflict)]);
    let mut edited = edit(*room, &first.by, 1, 1, "other words");
    edited.intent = Intent::Edit { message: first.id, body: Body::parse("other words").expect("a body") };
    assert_eq!(changes(&store, vec![edited]).await[0].seq, Seq(67));
    let revisions = store.revisions(*room, first.id).await.expect("an answer");
    assert_eq!((revisions.len(), &revisions[0].body, revisions[0].at), (1, &first.body, first.at));
    assert_eq!(
        commit(&store, vec![again(room, first, &first.body)]).await,
        [Ok(Committed::Before { seq: first.seq, at: first.at })]
    );
}

#[tokio::test]
async fn the_marker_of_before_streams_still_tells_when_messages_are_lost() {
    let folder = old_folder();
    let marker = folder.path().join("hubbub.marker");
    let text = fs::read_to_string(&marker).expect("readable");
    fs::write(&marker, text.replace("00000000000000000078", "00000000000000000079")).expect("written");
    let refusal = SqliteStore::open(folder.path()).await.expect_err("a message is missing");
    assert!(matches!(refusal, OpenError::EventsLost { expected: 79, found: 78, .. }), "{refusal:?}");

    fs::write(&marker, text).expect("written");
    SqliteStore::open(folder.path()).await.expect("nothing is missing").close().await;
    let text = fs::read_to_string(&marker).expect("readable");
    assert!(text.contains("00000000000000000078"), "{text}");
}

#[tokio::test]
async fn a_backup_from_before_streams_is_restored_with_every_message() {
    let (folder, elsewhere) = (old_folder(), tempfile::tempdir().expect("a folder"));
    let old = read_old(folder.path()).await;
    let file = elsewhere.path().join("backup.db");
    backup(folder.path(), &file).await.expect("an old database is backed up");
    let restored_to = elsewhere.path().join("data");

    let told = restore(&restored_to, &file).await.expect("an old backup is restored");
    assert!(told.to_string().contains("78 events of 3 rooms"), "{told}");

    let store = SqliteStore::open(&restored_to).await.expect("the store opens");
    assert_ne!(store.epoch(), old.epoch);
    holds(&store, &old, &old.messages[0].1.by).await;
    store.close().await;
    let again = elsewhere.path().join("again.db");
    backup(&restored_to, &again).await.expect("a new database is backed up");
}

/// A version of the program accepted message ids that are no UUIDv7, which today's clients refuse.
#[tokio::test]
async fn an_id_that_is_no_uuid_of_version_7_becomes_one() {
    let folder = old_folder();
    let mut old = connect(folder.path()).await;
    let step = "UPDATE event SET message_id = x'936da01f9abd4d9d80c702af85c822a8' WHERE room_id = 1 AND seq = 2";
    sqlx::query(step).execute(&mut old).await.expect("written");
    old.close().await.expect("closed");

    let store = SqliteStore::open(folder.path()).await.expect("the store opens");
    let reader = Member { id: MemberId(1), name: "Kira".to_owned() };
    let messages = messages_of(&store, RoomId(1), &reader).await;
    assert_eq!(messages.len(), 66);
    assert_eq!(messages[1].id.to_string(), "936da01f-9abd-7d9d-80c7-02af85c822a8");
    assert_ne!(messages[0].id, id(1));
}
