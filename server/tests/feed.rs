//! Property test of the feed: readers wait, are written to, take frames and rejoin in any order, and the bus loses and
//! repeats notices. Each reader must see each change of the room once and in order, and hold what the store has in the end.
//!
//! - [`fixture`]: a chat and a hub over a real store
//! - [`reader`]: a reader that checks what it reads
//! - [`page_gate`]: stops the store while it reads a page

#[path = "feed/fixture.rs"]
mod fixture;
#[path = "shared/intercepted_store.rs"]
mod intercepted_store;
#[path = "feed/page_gate.rs"]
mod page_gate;
#[path = "feed/reader.rs"]
mod reader;

use std::sync::Arc;

use fixture::{Change, Delivery, Fixture};
use proptest::prelude::{Just, ProptestConfig, Strategy, proptest};
use proptest::prop_oneof;
use reader::LOBBY;
use tokio::task::yield_now;

const N_CASES: u32 = 64;
const N_READERS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    /// `n_posts` are stored.
    Post { n_posts: usize, delivery: Delivery },
    /// A post is edited, deleted or reacted to.
    Change { nth: usize, change: Change, delivery: Delivery },
    /// The reader lends the hub a writer that takes `capacity` frames.
    LendWriter { reader: usize, capacity: usize },
    /// The reader takes the frames of its feed.
    Take { reader: usize },
    /// The reader leaves the room and follows it again.
    Rejoin { reader: usize },
    /// The hub's tasks run.
    Yield,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let delivery = || prop_oneof![4 => Just(Delivery::Once), 1 => Just(Delivery::Never), 1 => Just(Delivery::Twice)];
    let change = prop_oneof![2 => Just(Change::Edit), 2 => Just(Change::React), 1 => Just(Change::Delete)];
    let step = prop_oneof![
        4 => (1..5_usize, delivery()).prop_map(|(n_posts, delivery)| Step::Post { n_posts, delivery }),
        4 => (0..20_usize, change, delivery())
            .prop_map(|(nth, change, delivery)| Step::Change { nth, change, delivery }),
        4 => (0..N_READERS, 0..4_usize).prop_map(|(reader, capacity)| Step::LendWriter { reader, capacity }),
        3 => (0..N_READERS).prop_map(|reader| Step::Take { reader }),
        1 => (0..N_READERS).prop_map(|reader| Step::Rejoin { reader }),
        3 => Just(Step::Yield),
    ];
    proptest::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: N_CASES, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_reader_sees_every_change_once_and_in_order(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime").block_on(run(steps));
    }
}

async fn run(steps: Vec<Step>) {
    let mut fixture = Fixture::new().await;
    let mut readers = Vec::new();
    for n in 0..N_READERS {
        readers.push(fixture.reader_in_lobby(&format!("Reader {n}")).await);
    }
    for step in steps {
        match step {
            Step::Post { n_posts, delivery } => fixture.post(n_posts, delivery).await,
            Step::Change { nth, change, delivery } => fixture.change(nth, change, delivery).await,
            Step::LendWriter { reader, capacity } => readers[reader].lend_writer(capacity),
            Step::Take { reader } => readers[reader].take().await,
            Step::Rejoin { reader } => readers[reader].rejoin().await,
            Step::Yield => yield_now().await,
        }
    }
    // The next notice that arrives makes the hub read the changes of the lost ones.
    fixture.post(1, Delivery::Once).await;
    let stored = fixture.stored().await;
    for reader in &mut readers {
        reader.read_up_to(fixture.head).await;
        reader.holds(&stored);
    }
}

/// A request that follows a room can be dropped while the store reads a page.
#[tokio::test]
async fn a_follow_that_is_cancelled_leaves_the_room() {
    let mut fixture = Fixture::new().await;
    fixture.post(2, Delivery::Once).await;
    let mut reader = fixture.new_reader(&fixture.visitor("Reader").await).await;
    let n_present = |fixture: &Fixture| fixture.hub.present(LOBBY).count;

    fixture.gate.close();
    let n_present_while_following = async {
        fixture.gate.has_stopped_a_page().await;
        n_present(&fixture)
    };
    tokio::select! {
        () = reader.follow() => panic!("the gate is closed"),
        n_present = n_present_while_following => assert_eq!(n_present, 1, "the feed enters the room before it reads"),
    }
    assert_eq!((reader.feed.n_rooms(), reader.feed.cursor(LOBBY), n_present(&fixture)), (0, None, 0));
    fixture.gate.open();
    fixture.post(2, Delivery::Once).await;
    reader.take().await;
    assert_eq!(reader.cursor, None, "a feed has no frames of a room that it doesn't follow");

    reader.follow().await;
    fixture.post(1, Delivery::Once).await;
    reader.read_up_to(fixture.head).await;
}

#[tokio::test]
async fn changes_that_are_published_while_a_page_is_read_follow_the_page() {
    let mut fixture = Fixture::new().await;
    fixture.post(1, Delivery::Once).await;
    let visitor = fixture.visitor("Reader").await;
    let mut reader = fixture.new_reader(&visitor).await;

    fixture.gate.close();
    let gate = Arc::clone(&fixture.gate);
    let publishing = async {
        gate.has_stopped_a_page().await;
        fixture.post(2, Delivery::Once).await;
        fixture.hub_has_caught_up(&visitor).await;
        gate.open();
    };
    tokio::join!(reader.follow(), publishing);
    reader.read_up_to(fixture.head).await;
}
