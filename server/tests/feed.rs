//! The feed against the simplest reader that could be right: whatever order readers come, wait, are handed frames, take
//! them and go in, and whatever notices the bus loses or doubles, each sees a room's events once and in order.

#[path = "feed/hold.rs"]
mod hold;
#[path = "shared/intercepted_store.rs"]
mod intercepted_store;

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use hold::Hold;
use hubbub::bus::{Bus, LocalBus, Notice};
use hubbub::chat::{Chat, Membership, RateLimits, Rules, Visitor};
use hubbub::hub::{Caps, Feed, Frame, FrameWriter, Hub, Unwritten, Written};
use hubbub::store::sqlite::SqliteStore;
use hubbub_protocol::text::{RoomName, Topic};
use hubbub_protocol::{Cursor, MessageId, RoomId, Seq, ServerFrame, UnixMillis, codec};
use intercepted_store::InterceptedStore;
use proptest::prelude::{Just, ProptestConfig, Strategy, proptest};
use proptest::prop_oneof;
use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::timeout;

const N_CASES: u32 = 64;
const N_READERS: usize = 3;
const LOBBY: RoomId = RoomId(1);
const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const IN_TIME: Duration = Duration::from_secs(20);

#[derive(Clone, Debug)]
enum Step {
    /// So many posts at once, and what becomes of the notice of each commit.
    Post(usize, Fate),
    /// The reader waits, and its socket takes so many frames before it is full.
    Wait(usize, usize),
    /// It wakes and takes what there is.
    Take(usize),
    Leave(usize),
    /// The hub gets to run.
    Pass,
}

#[derive(Clone, Copy, Debug)]
enum Fate {
    Arrives,
    IsLost,
    ComesTwice,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let fate = prop_oneof![4 => Just(Fate::Arrives), 1 => Just(Fate::IsLost), 1 => Just(Fate::ComesTwice)];
    let step = prop_oneof![
        4 => (1..5_usize, fate).prop_map(|(n, fate)| Step::Post(n, fate)),
        4 => (0..N_READERS, 0..4_usize).prop_map(|(reader, room)| Step::Wait(reader, room)),
        3 => (0..N_READERS).prop_map(Step::Take),
        1 => (0..N_READERS).prop_map(Step::Leave),
        3 => Just(Step::Pass),
    ];
    proptest::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: N_CASES, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_reader_sees_every_event_once_and_in_order(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime").block_on(live_through(steps));
    }
}

/// A tab's `join` whose request is dropped while the store reads.
#[tokio::test]
async fn a_follow_that_is_given_up_while_the_log_is_read_leaves_the_room() {
    let mut house = House::build().await;
    house.post(2, Fate::Arrives).await;
    let visitor = visitor(&house.chat, "Reader").await;
    let membership = membership(&house.chat, &visitor).await;
    let mut reader = Reader::new(house.feed(&visitor), membership);
    let count = |house: &House| house.hub.present(LOBBY).count;

    house.hold.hold();
    let is_seen_in_the_room = async {
        house.hold.has_read().await;
        count(&house) == 1
    };
    tokio::select! {
        () = reader.follow() => panic!("the page is held"),
        is_seen = is_seen_in_the_room => assert!(is_seen, "it comes in first and reads then"),
    }
    assert_eq!((reader.feed.n_rooms(), reader.feed.cursor(LOBBY), count(&house)), (0, None, 0));
    house.hold.release();
    house.post(2, Fate::Arrives).await;
    reader.take().await;
    assert_eq!(reader.cursor, None, "nothing is said of a room that is not followed");

    reader.follow().await;
    house.post(1, Fate::Arrives).await;
    reader.reads_up_to(house.head).await;
}

#[tokio::test]
async fn what_is_published_while_the_log_is_read_comes_after_it() {
    let mut house = House::build().await;
    house.post(1, Fate::Arrives).await;
    let visitor = visitor(&house.chat, "Reader").await;
    let membership = membership(&house.chat, &visitor).await;
    let mut reader = Reader::new(house.feed(&visitor), membership);

    house.hold.hold();
    let hold = Arc::clone(&house.hold);
    let meanwhile = async {
        hold.has_read().await;
        house.post(2, Fate::Arrives).await;
        house.is_carried(&visitor).await;
        hold.release();
    };
    tokio::join!(reader.follow(), meanwhile);
    reader.reads_up_to(house.head).await;
}

async fn live_through(steps: Vec<Step>) {
    let mut house = House::build().await;
    let mut readers = Vec::new();
    for n in 0..N_READERS {
        readers.push(house.reader(&format!("Reader {n}")).await);
    }
    for step in steps {
        match step {
            Step::Post(n, fate) => house.post(n, fate).await,
            Step::Wait(reader, room) => readers[reader].wait(room),
            Step::Take(reader) => readers[reader].take().await,
            Step::Leave(reader) => readers[reader].leave_and_come_back().await,
            Step::Pass => yield_now().await,
        }
    }
    // What was lost is noticed by what comes after it.
    house.post(1, Fate::Arrives).await;
    for reader in &mut readers {
        reader.reads_up_to(house.head).await;
    }
}

struct House {
    _folder: tempfile::TempDir,
    chat: Arc<Chat>,
    hub: Arc<Hub>,
    bus: Arc<LeakyBus>,
    hold: Arc<Hold>,
    author: Membership,
    head: u64,
}

impl House {
    async fn build() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let hold = Arc::<Hold>::default();
        let real = Arc::new(SqliteStore::open(folder.path()).await.expect("the store opens"));
        let store = InterceptedStore::over(real, Arc::clone(&hold));
        let bus = Arc::new(LeakyBus { inner: LocalBus::default(), fates: Mutex::default() });
        let rules = Rules { session_lifetime: Duration::from_secs(3_600), rate_limits: RateLimits::default() };
        let hub = Hub::new(Arc::clone(&store), Caps { per_member: 0, per_address: 0 });
        let chat = Chat::start(store, Arc::clone(&bus) as Arc<dyn Bus>, rules);
        let (listening, heard) = (Arc::clone(&hub), Arc::clone(&bus));
        tokio::spawn(async move { listening.listen(&*heard).await });
        let author = membership(&chat, &visitor(&chat, "Author").await).await;
        Self { _folder: folder, chat, hub, bus, hold, author, head: 0 }
    }

    async fn reader(&self, name: &str) -> Reader {
        let visitor = visitor(&self.chat, name).await;
        let membership = membership(&self.chat, &visitor).await;
        let mut reader = Reader::new(self.feed(&visitor), membership);
        reader.follow().await;
        reader
    }

    fn feed(&self, visitor: &Visitor) -> Feed {
        let admission = self.hub.connections.admit(visitor.session(), Arc::clone(visitor.member()), ADDRESS);
        Feed::new(Arc::clone(&self.hub), admission.expect("there is no cap"))
    }

    async fn post(&mut self, n: usize, fate: Fate) {
        for _ in 0..n {
            self.bus.fates.lock().expect("no holder panics").push_back(fate);
            self.head += 1;
            let id = MessageId::mint(UnixMillis(self.head), [7; 10]);
            let ack = self.chat.post(&self.author, id, "Hi humans!").expect("the post is taken in");
            ack.settled().await.expect("it is stored");
        }
    }

    /// Waits until the hub has carried all that was posted: a new room is told of after it, to whoever follows none too.
    async fn is_carried(&self, to: &Visitor) {
        let onlooker = self.feed(to);
        let (name, topic) = (RoomName::parse("Tea").expect("a name"), Topic::parse("").expect("a topic"));
        self.chat.create_room(to, name, topic).await.expect("the store answers");
        timeout(IN_TIME, onlooker.notified()).await.expect("everyone is told");
    }
}

async fn visitor(chat: &Arc<Chat>, name: &str) -> Visitor {
    let token = chat.join(name, ADDRESS).await.expect("the name is free");
    chat.visitor(&token, ADDRESS).await.expect("the store answers").expect("the session lives")
}

async fn membership(chat: &Arc<Chat>, visitor: &Visitor) -> Membership {
    chat.membership(visitor, LOBBY).await.expect("the lobby is open to all")
}

/// A bus that does to each commit's notice what the test says.
struct LeakyBus {
    inner: LocalBus,
    fates: Mutex<VecDeque<Fate>>,
}

#[async_trait]
impl Bus for LeakyBus {
    async fn publish(&self, notice: Notice) {
        let fate = self.fates.lock().expect("no holder panics").pop_front().unwrap_or(Fate::Arrives);
        let n_times = match fate {
            Fate::IsLost => 0,
            Fate::Arrives => 1,
            Fate::ComesTwice => 2,
        };
        for _ in 0..n_times {
            self.inner.publish(notice.clone()).await;
        }
    }

    async fn next(&self) -> Option<Notice> {
        self.inner.next().await
    }
}

/// A socket that takes so many frames, and is full then.
struct Pipe {
    got: Arc<Mutex<Vec<Frame>>>,
    written: Arc<Notify>,
    /// How many more it takes, and those it couldn't.
    state: Mutex<(usize, Vec<Frame>)>,
}

impl FrameWriter for Pipe {
    fn write(&self, frames: &mut Vec<Frame>) -> Written {
        let (room, kept) = &mut *self.state.lock().expect("no holder panics");
        assert!(kept.is_empty(), "a writer that keeps frames is given no more, so that it keeps one delivery at most");
        kept.append(frames);
        let n = kept.len().min(*room);
        *room -= n;
        self.written.notify_one();
        self.got.lock().expect("no holder panics").extend(kept.drain(..n));
        if kept.is_empty() { Written::All } else { Written::Some }
    }

    fn take_unwritten(&self) -> Unwritten {
        let kept = std::mem::take(&mut self.state.lock().expect("no holder panics").1);
        Unwritten { frames: kept, n_bytes_written: 0 }
    }
}

struct Reader {
    feed: Feed,
    membership: Membership,
    got: Arc<Mutex<Vec<Frame>>>,
    /// Told when the hub writes to it.
    written: Arc<Notify>,
    /// The last event seen.
    cursor: Option<Cursor>,
}

impl Reader {
    fn new(feed: Feed, membership: Membership) -> Self {
        Self { feed, membership, got: Arc::default(), written: Arc::default(), cursor: None }
    }

    fn wait(&mut self, room: usize) {
        self.wake();
        let (got, written) = (Arc::clone(&self.got), Arc::clone(&self.written));
        self.feed.lend(Arc::new(Pipe { got, written, state: Mutex::new((room, Vec::new())) }));
    }

    /// What could not be written is written before anything else.
    fn wake(&mut self) {
        if let Some(writer) = self.feed.reclaim() {
            let rest = writer.take_unwritten().frames;
            self.got.lock().expect("no holder panics").extend(rest);
        }
        self.look();
    }

    async fn take(&mut self) {
        self.wake();
        let mut frames = Vec::new();
        self.feed.take(&mut frames).await.expect("the store answers");
        self.got.lock().expect("no holder panics").extend(frames);
        self.look();
    }

    async fn follow(&mut self) {
        let mut frames = Vec::new();
        self.feed.follow(&self.membership, self.cursor, &mut frames).await.expect("the store answers");
        self.got.lock().expect("no holder panics").extend(frames);
        self.look();
    }

    async fn leave_and_come_back(&mut self) {
        self.wake();
        self.feed.unfollow(LOBBY);
        self.follow().await;
    }

    async fn reads_up_to(&mut self, head: u64) {
        let reading = async {
            loop {
                self.wait(usize::MAX);
                if self.cursor.is_some_and(|cursor| cursor.seq == Seq(head)) {
                    return;
                }
                tokio::select! {
                    () = self.feed.notified() => self.take().await,
                    () = self.written.notified() => {}
                }
            }
        };
        timeout(IN_TIME, reading).await.expect("a reader that waits is written to or woken");
        assert_eq!(self.cursor.map(|cursor| cursor.seq), Some(Seq(head)));
    }

    /// Reads what arrived, as a client does: each event is the one after the last.
    fn look(&mut self) {
        let frames = std::mem::take(&mut *self.got.lock().expect("no holder panics"));
        for frame in frames {
            let text = std::str::from_utf8(frame.as_text()).expect("frames are text");
            match codec::decode_server(text).expect("a frame") {
                ServerFrame::Snapshot { epoch, head, .. } => {
                    assert!(self.cursor.is_none(), "a reader with a cursor is resumed");
                    self.cursor = Some(Cursor { epoch, seq: head });
                }
                ServerFrame::Events { events, .. } => {
                    let cursor = self.cursor.as_mut().expect("a room begins with a snapshot");
                    for event in events {
                        assert_eq!(event.seq, cursor.seq.next(), "each event comes once and in order");
                        cursor.seq = event.seq;
                    }
                }
                _ => {}
            }
        }
    }
}
