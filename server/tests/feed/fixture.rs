//! A chat and a hub over a real store, with a bus that can lose and repeat notices.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use hubbub::bus::{Bus, LocalBus, Notice};
use hubbub::chat::{Chat, Membership, RateLimits, Rules, Visitor};
use hubbub::hub::{Caps, Feed, Hub};
use hubbub::store::sqlite::SqliteStore;
use hubbub_protocol::text::{RoomName, Topic};
use hubbub_protocol::{MessageId, UnixMillis};
use tokio::time::timeout;

use super::intercepted_store::InterceptedStore;
use super::page_gate::PageGate;
use super::reader::{LOBBY, PATIENCE, Reader};

const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// How the bus delivers the notice of a commit.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Delivery {
    Once,
    Never,
    Twice,
}

pub(crate) struct Fixture {
    _folder: tempfile::TempDir,
    chat: Arc<Chat>,
    pub(crate) hub: Arc<Hub>,
    bus: Arc<UnreliableBus>,
    pub(crate) gate: Arc<PageGate>,
    author: Membership,
    /// The seq of the last event in the lobby.
    pub(crate) head: u64,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let gate = Arc::<PageGate>::default();
        let real = Arc::new(SqliteStore::open(folder.path()).await.expect("the store opens"));
        let store = InterceptedStore::over(real, Arc::clone(&gate));
        let bus = Arc::new(UnreliableBus { inner: LocalBus::default(), deliveries: Mutex::default() });
        let rules = Rules { session_lifetime: Duration::from_secs(3_600), rate_limits: RateLimits::default() };
        let hub = Hub::new(Arc::clone(&store), Caps { per_member: 0, per_address: 0 });
        let chat = Chat::start(store, Arc::clone(&bus) as Arc<dyn Bus>, rules);
        let (listening, heard) = (Arc::clone(&hub), Arc::clone(&bus));
        tokio::spawn(async move { listening.listen(&*heard).await });
        let author = membership(&chat, &visitor(&chat, "Author").await).await;
        Self { _folder: folder, chat, hub, bus, gate, author, head: 0 }
    }

    /// Starts a session.
    pub(crate) async fn visitor(&self, name: &str) -> Visitor {
        visitor(&self.chat, name).await
    }

    /// Returns a reader that follows no room yet.
    pub(crate) async fn new_reader(&self, visitor: &Visitor) -> Reader {
        Reader::new(self.feed(visitor), membership(&self.chat, visitor).await)
    }

    /// Returns a reader that follows the lobby.
    pub(crate) async fn reader_in_lobby(&self, name: &str) -> Reader {
        let mut reader = self.new_reader(&self.visitor(name).await).await;
        reader.follow().await;
        reader
    }

    /// Posts to the lobby, and returns when the posts are stored.
    pub(crate) async fn post(&mut self, n_posts: usize, delivery: Delivery) {
        for _ in 0..n_posts {
            self.bus.deliveries.lock().expect("no holder panics").push_back(delivery);
            self.head += 1;
            let id = MessageId::mint(UnixMillis(self.head), [7; 10]);
            let ack = self.chat.post(&self.author, id, "Hi humans!").expect("the post is accepted");
            ack.settled().await.expect("it is stored");
        }
    }

    /// Waits until the hub has handled the notices of all posts. It creates a room for that: the bus keeps the order of
    /// notices, and the hub notifies every feed of a new room.
    pub(crate) async fn hub_has_caught_up(&self, visitor: &Visitor) {
        let feed = self.feed(visitor);
        let (name, topic) = (RoomName::parse("Tea").expect("a name"), Topic::parse("").expect("a topic"));
        self.chat.create_room(visitor, name, topic).await.expect("the store answers");
        timeout(PATIENCE, feed.notified()).await.expect("the hub notifies every feed");
    }

    fn feed(&self, visitor: &Visitor) -> Feed {
        let admission = self.hub.connections.admit(visitor.session(), Arc::clone(visitor.member()), ADDRESS);
        Feed::new(Arc::clone(&self.hub), admission.expect("there is no cap"))
    }
}

async fn visitor(chat: &Arc<Chat>, name: &str) -> Visitor {
    let token = chat.join(name, ADDRESS).await.expect("the name is free");
    chat.visitor(&token, ADDRESS).await.expect("the store answers").expect("the session exists")
}

async fn membership(chat: &Arc<Chat>, visitor: &Visitor) -> Membership {
    chat.membership(visitor, LOBBY).await.expect("the lobby is open to everyone")
}

/// A bus that delivers each commit's notice as the test chooses.
struct UnreliableBus {
    inner: LocalBus,
    /// For the next notices. A notice for which there is none is delivered once.
    deliveries: Mutex<VecDeque<Delivery>>,
}

#[async_trait]
impl Bus for UnreliableBus {
    async fn publish(&self, notice: Notice) {
        let delivery = self.deliveries.lock().expect("no holder panics").pop_front().unwrap_or(Delivery::Once);
        let n_times = match delivery {
            Delivery::Never => 0,
            Delivery::Once => 1,
            Delivery::Twice => 2,
        };
        for _ in 0..n_times {
            self.inner.publish(notice.clone()).await;
        }
    }

    async fn next(&self) -> Option<Notice> {
        self.inner.next().await
    }
}
