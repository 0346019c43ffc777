//! The tabs that poll. A tab is found by its session and its own id, and forgotten some time after its last response. Each
//! tab holds an admission, so the caps on connections bound their number.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use hubbub_protocol::Refusal;
use tokio::time::{Duration, Instant, MissedTickBehavior, interval};
use uuid::Uuid;

use super::kind::PollKind;
use super::tab::{NewerPoll, Tab};
use crate::chat::{Chat, Token, TokenHash, Visitor};
use crate::hub::{Closing, Feed, Hub};

/// How long a tab is known after a response: several times the pause between two polls of 5 s.
const KNOWN_AFTER_RESPONSE: Duration = Duration::from_secs(30);
/// How long a tab is known after its poll was dropped. A client that lost its network polls again within this time; the
/// person of a closed tab should not seem present for much longer.
const KNOWN_AFTER_DROP: Duration = Duration::from_secs(5);
/// The interval at which ended tabs are forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// Every tab that polls this server.
pub struct Tabs {
    pub(super) chat: Arc<Chat>,
    hub: Arc<Hub>,
    pub(super) longest_wait: Duration,
    entries: Mutex<HashMap<Key, Entry>>,
}

/// The key of a tab. The session is part of the key, so that an id finds only tabs of the same session.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    session: TokenHash,
    tab: Uuid,
}

struct Entry {
    tab: Arc<Tab>,
    n_polls: usize,
    /// When the tab is forgotten, unless a poll is in progress then.
    until: Instant,
}

/// A poll in progress. Dropping it ends the poll, and decides how long the tab is known from then on.
pub(super) struct PollInProgress {
    tabs: Arc<Tabs>,
    key: Key,
    pub(super) tab: Arc<Tab>,
    pub(super) newer_poll: NewerPoll,
    /// Whether the poll ended with a response.
    pub(super) is_answered: bool,
}

impl Tabs {
    /// Returns an empty collection, and starts a task that forgets tabs; the task ends with the collection. No poll waits
    /// longer than `longest_wait`.
    #[must_use]
    pub fn start(chat: Arc<Chat>, hub: Arc<Hub>, longest_wait: Duration) -> Arc<Self> {
        let tabs = Arc::new(Self { chat, hub, longest_wait, entries: Mutex::default() });
        tokio::spawn(sweep(Arc::downgrade(&tabs)));
        tabs
    }

    /// Forgets every tab without a poll in progress whose time is over or whose connection must end.
    pub fn forget_ended(&self) {
        let now = Instant::now();
        let is_ended = |_: &Key, entry: &mut Entry| {
            entry.n_polls == 0 && (entry.until <= now || entry.tab.listener.closing().is_some())
        };
        let forgotten: Vec<_> = self.entries().extract_if(is_ended).collect();
        // Dropped after the lock is released, because each tab leaves its rooms.
        drop(forgotten);
    }

    /// Returns a known tab whose connection needn't end.
    pub(super) fn find(&self, token: &Token, tab: Uuid) -> Option<Arc<Tab>> {
        let entries = self.entries();
        let tab = &entries.get(&Key { session: token.hash(), tab })?.tab;
        tab.listener.closing().is_none().then(|| Arc::clone(tab))
    }

    /// Begins a poll. A first poll opens its tab.
    ///
    /// # Errors
    /// [`Refusal::SignedOut`], [`Refusal::HelloExpected`], [`Refusal::TooManyConnections`], and the store's.
    pub(super) async fn begin_poll(
        self: &Arc<Self>,
        token: Token,
        address: IpAddr,
        tab: Uuid,
        kind: PollKind,
    ) -> Result<PollInProgress, Refusal> {
        let key = Key { session: token.hash(), tab };
        if let Some(entry) = self.entries().get_mut(&key) {
            return self.poll_of(key, entry);
        }
        Box::pin(self.begin_unknown(token, address, key, kind)).await
    }

    /// Begins a poll of a tab that was not known a moment ago.
    async fn begin_unknown(
        self: &Arc<Self>,
        token: Token,
        address: IpAddr,
        key: Key,
        kind: PollKind,
    ) -> Result<PollInProgress, Refusal> {
        let visitor = self.chat.visitor(&token, address).await?.ok_or(Refusal::SignedOut)?;
        match kind {
            PollKind::First => self.open(key, visitor, address),
            PollKind::Further => Err(Refusal::HelloExpected),
        }
    }

    fn open(self: &Arc<Self>, key: Key, visitor: Visitor, address: IpAddr) -> Result<PollInProgress, Refusal> {
        let mut entries = self.entries();
        if let Some(entry) = entries.get_mut(&key) {
            return self.poll_of(key, entry);
        }
        let admission = self.hub.connections.admit(visitor.session(), Arc::clone(visitor.member()), address)?;
        let tab = Tab::new(Arc::clone(&self.chat), visitor, Feed::new(Arc::clone(&self.hub), admission));
        let entry = entries.entry(key).or_insert(Entry { tab, n_polls: 0, until: Instant::now() });
        self.poll_of(key, entry)
    }

    fn poll_of(self: &Arc<Self>, key: Key, entry: &mut Entry) -> Result<PollInProgress, Refusal> {
        if entry.tab.listener.closing() == Some(Closing::SignedOut) {
            return Err(Refusal::SignedOut);
        }
        entry.n_polls += 1;
        let newer_poll = entry.tab.begin_poll();
        Ok(PollInProgress { tabs: Arc::clone(self), key, tab: Arc::clone(&entry.tab), newer_poll, is_answered: false })
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Entry>> {
        self.entries.lock().expect("no holder of this lock panics")
    }
}

impl Drop for PollInProgress {
    fn drop(&mut self) {
        let mut entries = self.tabs.entries();
        // A tab with a poll in progress is never forgotten, so this is the poll's own entry.
        let Some(entry) = entries.get_mut(&self.key) else { return };
        entry.n_polls -= 1;
        entry.until = Instant::now() + if self.is_answered { KNOWN_AFTER_RESPONSE } else { KNOWN_AFTER_DROP };
        let must_end = entry.n_polls == 0 && entry.tab.listener.closing().is_some();
        let ended = must_end.then(|| entries.remove(&self.key));
        drop(entries);
        drop(ended);
    }
}

async fn sweep(tabs: Weak<Tabs>) {
    let mut ticks = interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(tabs) = tabs.upgrade() else { return };
        tabs.forget_ended();
    }
}
