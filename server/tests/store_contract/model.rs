//! Contract test of random batches by several members: each store must give the same results, pages and changed rows as
//! the model, which keeps plain lists.

#[path = "model/plain.rs"]
mod plain;

use std::collections::BTreeMap;
use std::sync::Arc;

use hubbub::store::{Intent, PageQuery, Store, Submitted};
use hubbub_protocol::text::{Body, RoomName, Topic};
use hubbub_protocol::{Member, MessageId, RoomId, Seq, UnixMillis};
use plain::Model;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Handle;

use crate::fixture::{Fixture, NOW, commit, id, jonas, kira, messages_of, op, page, room};

const N_CASES: u32 = 64;
const NOWHERE: RoomId = RoomId(4_711);
const TEXTS: [&str; 4] = ["Hi", "Hello", "\"{[ ' 😀", "Salut"];
const EMOJI: [&str; 3] = ["👍", "🎉", "👩‍🚀"];

#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<Act>),
    Read { room: usize, reader: usize, query: Query },
    Changed { room: usize, reader: usize, after: u64, limit: usize },
    Reopen,
}

/// An operation, by indices.
#[derive(Clone, Debug)]
struct Act {
    room: usize,
    by: usize,
    /// None for a new id, else the number of one that may have been used.
    op: Option<u64>,
    kind: usize,
    /// The nth message of the room, or one that doesn't exist.
    target: Option<usize>,
    content: usize,
    on: bool,
}

#[derive(Clone, Debug)]
enum Query {
    Newest,
    Before(u64),
    After(u64),
    Around(usize),
    Messages(Vec<usize>),
    Replies(usize, u64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let room = prop_oneof![20 => 0..2_usize, 1 => Just(2_usize)];
    let op = prop_oneof![5 => Just(None), 1 => (0..40_u64).prop_map(Some)];
    // More posts, edits and reactions than the others.
    let kind = prop_oneof![4 => Just(0_usize), 2 => Just(1), 4 => Just(2), 1 => Just(3), 5 => Just(4), 2 => Just(5), 1 => Just(6)];
    let target = prop_oneof![12 => (0..40_usize).prop_map(Some), 1 => Just(None)];
    let act = (room, 0..3_usize, op, kind, target, 0..TEXTS.len(), prop_oneof![3 => Just(true), 2 => Just(false)]);
    let act = act.prop_map(|(room, by, op, kind, target, content, on)| Act { room, by, op, kind, target, content, on });
    proptest::collection::vec(act, 0..16)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let seq = || prop_oneof![4 => 0..60_u64, 1 => any::<u64>()];
    let query = prop_oneof![
        Just(Query::Newest),
        seq().prop_map(Query::Before),
        seq().prop_map(Query::After),
        (0..80_usize).prop_map(Query::Around),
        proptest::collection::vec(0..80_usize, 0..8).prop_map(Query::Messages),
        ((0..40_usize), seq()).prop_map(|(to, after)| Query::Replies(to, after)),
    ];
    let step = prop_oneof![
        8 => acts().prop_map(Step::Commit),
        4 => (0..3_usize, 0..3_usize, query).prop_map(|(room, reader, query)| Step::Read { room, reader, query }),
        3 => (0..3_usize, 0..3_usize, seq(), 0..30_usize)
            .prop_map(|(room, reader, after, limit)| Step::Changed { room, reader, after, limit }),
        1 => Just(Step::Reopen),
    ];
    proptest::collection::vec(step, 1..24)
}

pub(crate) async fn random_batches_give_the_same_results_as_the_model(fixture: &dyn Fixture) {
    let mut store = fixture.open().await;
    let mio = store.start_session(crate::fixture::named("Mio", 3)).await.expect("Mio's name is free");
    let members = [kira(&*store).await, jonas(&*store).await, mio];
    let mut runner = TestRunner::new(Config { cases: N_CASES, failure_persistence: None, ..Config::default() });
    let result = tokio::task::block_in_place(|| {
        let store = std::cell::RefCell::new(&mut store);
        runner.run(&steps(), |steps| {
            Handle::current().block_on(follow(fixture, &mut store.borrow_mut(), &members, steps));
            Ok(())
        })
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

async fn follow(fixture: &dyn Fixture, store: &mut Arc<dyn Store>, members: &[Member; 3], steps: Vec<Step>) {
    let mut models = BTreeMap::new();
    let mut rooms = [NOWHERE; 3];
    let n_rooms = store.rooms().await.expect("rooms").len();
    for (n, room_id) in rooms[..2].iter_mut().enumerate() {
        *room_id = room(&**store, &format!("Random {}", n_rooms + n), &members[0]).await.id;
        let state = page(&**store, *room_id, &members[0], PageQuery::Newest).await.state;
        models.insert(*room_id, Model::new(state));
    }
    let mut n_operations = 0;
    for step in steps {
        match step {
            Step::Commit(acts) => {
                let mut batch = Vec::new();
                for act in acts {
                    n_operations += 1;
                    batch.push(submitted(&act, rooms[act.room], members, models.get(&rooms[act.room]), n_operations));
                }
                let expected: Vec<_> = batch
                    .iter()
                    .map(|submitted| match models.get_mut(&submitted.room) {
                        Some(model) => model.carry_out(submitted, members),
                        None => Err(hubbub::store::OperationError::NoSuchRoom),
                    })
                    .collect();
                assert_eq!(commit(&**store, batch.clone()).await, expected, "{batch:?}");
            }
            Step::Read { room, reader, query } => {
                let (room, reader) = (rooms[room], members[reader].id);
                let model = models.get(&room);
                let query = page_query(query, model);
                let found = store.page(room, reader, query.clone()).await.expect("an answer");
                assert_eq!(found, model.map(|model| model.page(reader, &query)), "{query:?}");
            }
            Step::Changed { room, reader, after, limit } => {
                let (room, reader) = (rooms[room], members[reader].id);
                let mut found = store.changed_after(room, reader, Seq(after), limit).await.expect("an answer");
                // Messages that one change has changed come in any order.
                if let Some(messages) = found.as_mut().and_then(|rows| rows.messages.as_mut()) {
                    assert!(messages.is_sorted_by_key(|message| message.rev));
                    messages.sort_by_key(|message| (message.rev, message.seq));
                }
                assert_eq!(found, models.get(&room).map(|model| model.changed_after(reader, Seq(after), limit)));
            }
            Step::Reopen => {
                store.close().await;
                *store = fixture.open().await;
            }
        }
        for (room, model) in &models {
            assert_eq!(messages_of(&**store, *room, &members[0]).await, model.all());
            assert_eq!(store.head(*room).await.expect("a head"), Some(model.head));
            for message in model.all() {
                let (reactors, revisions) = model.details(message.id);
                assert_eq!(store.reactors(*room, message.id, 50).await.expect("an answer"), reactors);
                assert_eq!(store.revisions(*room, message.id).await.expect("an answer"), revisions);
            }
        }
    }
}

fn submitted(act: &Act, room: RoomId, members: &[Member; 3], model: Option<&Model>, nth: u64) -> Submitted {
    let target = act.target.and_then(|nth| model?.nth(nth)).unwrap_or(id(9_999));
    let body = Body::parse(TEXTS[act.content]).expect("a body");
    let intent = match act.kind {
        0 => Intent::Post { body, reply_to: None },
        1 => Intent::Post { body, reply_to: Some(target) },
        2 => Intent::Edit { message: target, body },
        3 => Intent::Delete { message: target },
        4 => {
            let emoji = emojis::get(EMOJI[act.content % EMOJI.len()]).expect("an emoji");
            Intent::React { message: target, emoji: emoji.as_str(), name: emoji.name(), on: act.on }
        }
        5 => Intent::Pin { message: target, on: act.on },
        _ => {
            let name = RoomName::parse(&format!("{} {room}", TEXTS[act.content])).expect("a name");
            Intent::Describe { name, topic: Topic::parse("").expect("a topic") }
        }
    };
    // Each operation has its own time, so that a change to a stored one is detected.
    let at = UnixMillis(NOW.0 + nth * 1_000);
    Submitted { room, op: op(act.op.unwrap_or(100 + nth)), by: members[act.by].id, at, intent }
}

fn page_query(query: Query, model: Option<&Model>) -> PageQuery {
    let message = |nth: usize| -> MessageId { model.and_then(|model| model.nth(nth)).unwrap_or(id(9_999)) };
    match query {
        Query::Newest => PageQuery::Newest,
        Query::Before(seq) => PageQuery::Before(Seq(seq)),
        Query::After(seq) => PageQuery::After(Seq(seq)),
        Query::Around(nth) => PageQuery::Around(message(nth)),
        Query::Messages(nths) => PageQuery::Messages(nths.into_iter().map(message).collect()),
        Query::Replies(to, after) => PageQuery::Replies { to: message(to), after: Seq(after) },
    }
}
