//! Contract test of random batches: each store must give the same results as a model with one vector for each room.

use std::collections::BTreeMap;
use std::sync::Arc;

use hubbub::store::{AppendError, Appended, Draft, Store};
use hubbub_protocol::{Event, Member, MessageId, RoomId, Seq, What};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Handle;

use crate::fixture::{Fixture, append, draft, event, jonas, kira, log_of, room};

const N_CASES: u32 = 64;
const NOWHERE: RoomId = RoomId(4_711);

#[derive(Clone, Debug)]
enum Step {
    /// The indices of room, author, id and body of each draft. The ranges are small, so that ids are often reused.
    Append(Vec<(usize, usize, u64, usize)>),
    /// The index of the room, the seq, and the maximum number of events.
    Page(usize, u64, usize),
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let batch = proptest::collection::vec((0..3_usize, 0..2_usize, 0..12_u64, 0..2_usize), 0..16);
    let seq = prop_oneof![0..20_u64, any::<u64>()];
    let step = prop_oneof![
        6 => batch.prop_map(Step::Append),
        3 => (0..3_usize, seq, 0..8_usize).prop_map(|(room, seq, limit)| Step::Page(room, seq, limit)),
        1 => Just(Step::Reopen),
    ];
    proptest::collection::vec(step, 1..12)
}

pub(crate) async fn random_batches_give_the_same_results_as_the_model(fixture: &dyn Fixture) {
    let mut store = fixture.open().await;
    let members = [kira(&*store).await, jonas(&*store).await];
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

async fn follow(fixture: &dyn Fixture, store: &mut Arc<dyn Store>, members: &[Member; 2], steps: Vec<Step>) {
    let mut model = Model::default();
    let mut rooms = [NOWHERE; 3];
    for room_id in &mut rooms[..2] {
        *room_id = room(&**store, "Random", &members[0]).await.id;
        model.rooms.insert(*room_id, Vec::new());
    }
    let mut n_drafts = 0;
    for step in steps {
        match step {
            Step::Append(batch) => {
                let drafts: Vec<Draft> = batch
                    .into_iter()
                    .map(|(room, by, id, body)| {
                        let mut draft = draft(rooms[room], &members[by], id, ["Hi", "Hello"][body]);
                        // Each draft has its own time, so that a change to a stored event is detected.
                        n_drafts += 1;
                        draft.at.0 += n_drafts * 1_000;
                        draft
                    })
                    .collect();
                let expected: Vec<_> = drafts.iter().map(|draft| model.append(draft, members)).collect();
                assert_eq!(append(&**store, drafts).await, expected);
            }
            Step::Page(room, seq, limit) => {
                let log = model.rooms.get(&rooms[room]).map(Vec::as_slice).unwrap_or_default();
                let after: Vec<_> = log.iter().filter(|event| event.seq.0 > seq).take(limit).cloned().collect();
                let before: Vec<_> = log.iter().filter(|event| event.seq.0 < seq).cloned().collect();
                let before = &before[before.len().saturating_sub(limit)..];
                assert_eq!(store.events_after(rooms[room], Seq(seq), limit).await.expect("a page"), after);
                assert_eq!(store.events_before(rooms[room], Seq(seq), limit).await.expect("a page"), before);
            }
            Step::Reopen => {
                store.close().await;
                *store = fixture.open().await;
            }
        }
        for (room, log) in &model.rooms {
            assert_eq!(&log_of(&**store, *room).await, log);
            assert_eq!(store.head(*room).await.expect("a head"), Some(Seq(log.len() as u64)));
        }
    }
}

#[derive(Default)]
struct Model {
    rooms: BTreeMap<RoomId, Vec<Event>>,
}

impl Model {
    fn append(&mut self, draft: &Draft, members: &[Member; 2]) -> Result<Appended, AppendError> {
        let log = self.rooms.get_mut(&draft.room).ok_or(AppendError::NoSuchRoom)?;
        let by = members.iter().find(|member| member.id == draft.by).expect("the author is one of the two members");
        let new = event(draft, by, log.len() as u64 + 1);
        let of_its_id = log.iter().find(|event| message_of(event) == draft.id);
        match of_its_id {
            Some(old) if old.by == new.by && old.what == new.what => Ok(Appended::Before { seq: old.seq, at: old.at }),
            Some(_) => Err(AppendError::Conflict),
            None => {
                log.push(new.clone());
                Ok(Appended::Now(new))
            }
        }
    }
}

fn message_of(event: &Event) -> MessageId {
    match &event.what {
        What::Posted { id, .. } => *id,
        What::Unknown => panic!("the model appends only posts"),
    }
}
