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
use hubbub::store::{PageQuery, Store};
use hubbub_protocol::text::{RoomName, Topic};
use hubbub_protocol::{Message, MessageId, OpId, Operation, Seq, UnixMillis};
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

/// An operation on a message that exists.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    Edit,
    React,
    Delete,
}

pub(crate) struct Fixture {
    _folder: tempfile::TempDir,
    chat: Arc<Chat>,
    pub(crate) hub: Arc<Hub>,
    bus: Arc<UnreliableBus>,
    pub(crate) gate: Arc<PageGate>,
    store: Arc<dyn Store>,
    author: Membership,
    /// The posts of the lobby that are not deleted.
    posted: Vec<MessageId>,
    n_operations: u64,
    /// The seq of the last change in the lobby.
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
        let chat = Chat::start(Arc::clone(&store), Arc::clone(&bus) as Arc<dyn Bus>, rules);
        let (listening, heard) = (Arc::clone(&hub), Arc::clone(&bus));
        tokio::spawn(async move { listening.listen(&*heard).await });
        let author = membership(&chat, &visitor(&chat, "Author").await).await;
        Self { _folder: folder, chat, hub, bus, gate, store, author, posted: Vec::new(), n_operations: 0, head: 0 }
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
        for n in 0..n_posts {
            // Every other post answers an earlier message, so that the change has two targets.
            let reply_to = self.posted.last().copied().filter(|_| n % 2 == 1);
            let id = self.operate(Operation::Post { body: format!("Post {}", self.head), reply_to }, delivery).await;
            self.posted.push(id.into());
        }
    }

    /// Edits, reacts to or deletes the nth post that is there. Does nothing if there is none.
    pub(crate) async fn change(&mut self, nth: usize, change: Change, delivery: Delivery) {
        if self.posted.is_empty() {
            return;
        }
        let nth = nth % self.posted.len();
        let message = self.posted[nth];
        let operation = match change {
            Change::Edit => Operation::Edit { message, body: format!("Edit {}", self.head) },
            Change::React => {
                let emoji = emojis::iter().nth(self.n_operations as usize % 8).expect("an emoji").as_str().to_owned();
                Operation::React { message, emoji, on: true }
            }
            Change::Delete => {
                self.posted.remove(nth);
                Operation::Delete { message }
            }
        };
        self.operate(operation, delivery).await;
    }

    async fn operate(&mut self, operation: Operation, delivery: Delivery) -> OpId {
        self.n_operations += 1;
        let op = OpId::mint(UnixMillis(self.n_operations), [7; 10]);
        self.bus.deliveries.lock().expect("no holder panics").push_back(delivery);
        let ack = self.chat.operate(&self.author, op, operation).expect("it is accepted");
        let seq = ack.settled().await.expect("it is stored").seq;
        if seq == Seq(self.head) {
            // It changed nothing, and so there is no notice.
            self.bus.deliveries.lock().expect("no holder panics").pop_back();
        }
        self.head = seq.0;
        op
    }

    /// Returns the messages of the lobby as the store has them now.
    pub(crate) async fn stored(&self) -> Vec<Message> {
        let mut all: Vec<Message> = Vec::new();
        loop {
            let after = PageQuery::After(all.last().map_or(Seq(0), |last| last.seq));
            let found = self.store.page(LOBBY, self.author.member().id, after).await.expect("the store answers");
            let page = found.expect("the lobby exists").page;
            all.extend(page.messages);
            if !page.newer {
                return all;
            }
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
