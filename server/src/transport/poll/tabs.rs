//! The tabs that ask: found by their session and their own id, and forgotten some time after they were last answered.
//! Each holds an admission, so there are no more of them than the caps on connections allow.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use hubbub_protocol::Refusal;
use tokio::time::{Duration, Instant, MissedTickBehavior, interval};
use uuid::Uuid;

use super::Ask;
use super::tab::{Tab, Turn};
use crate::chat::{Chat, Token, TokenHash, Visitor};
use crate::hub::{Closing, Feed, Hub};

/// How long a tab is known after it was answered: several times as long as polling pauses between two asks.
const KNOWN_AFTER_ANSWER: Duration = Duration::from_secs(30);
/// How long after an ask was dropped: whoever lost its network asks again within that, and who closed the tab should not
/// seem present for much longer.
const KNOWN_AFTER_DROP: Duration = Duration::from_secs(5);
/// How often it is looked which tabs are to be forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// See the module.
pub struct Tabs {
    pub(super) chat: Arc<Chat>,
    hub: Arc<Hub>,
    pub(super) longest_wait: Duration,
    known: Mutex<HashMap<Key, Known>>,
}

/// The session is part of the name, so that nobody reaches a tab of another session, whatever id they say.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    session: TokenHash,
    tab: Uuid,
}

struct Known {
    tab: Arc<Tab>,
    n_asks: usize,
    /// When it is forgotten, if no ask is under way then.
    until: Instant,
}

/// An ask under way. Dropping it ends the ask, and says how long the tab is known from then on.
pub(super) struct Asking {
    tabs: Arc<Tabs>,
    key: Key,
    pub(super) tab: Arc<Tab>,
    pub(super) turn: Turn,
    /// Whether the ask came to its end.
    pub(super) is_answered: bool,
}

impl Tabs {
    /// No tab yet, and a task that forgets those that come; it ends with this. No ask waits longer than `longest_wait`.
    #[must_use]
    pub fn start(chat: Arc<Chat>, hub: Arc<Hub>, longest_wait: Duration) -> Arc<Self> {
        let tabs = Arc::new(Self { chat, hub, longest_wait, known: Mutex::default() });
        tokio::spawn(sweep(Arc::downgrade(&tabs)));
        tabs
    }

    /// Forgets every tab that nobody asks for and whose time is over or whose connection must end.
    pub fn forget_ended(&self) {
        let now = Instant::now();
        let is_ended = |_: &Key, known: &mut Known| {
            known.n_asks == 0 && (known.until <= now || known.tab.bell.closing().is_some())
        };
        let forgotten: Vec<_> = self.known().extract_if(is_ended).collect();
        // Only now, with the lock released: each of them leaves its rooms.
        drop(forgotten);
    }

    /// A tab that is known, and may be.
    pub(super) fn find(&self, token: &Token, tab: Uuid) -> Option<Arc<Tab>> {
        let known = self.known();
        let tab = &known.get(&Key { session: token.hash(), tab })?.tab;
        tab.bell.closing().is_none().then(|| Arc::clone(tab))
    }

    /// An ask has come. Opens the tab if it is the first.
    ///
    /// # Errors
    /// [`Refusal::SignedOut`], [`Refusal::HelloExpected`], [`Refusal::TooManyConnections`], and the store's.
    pub(super) async fn begin(
        self: &Arc<Self>,
        token: Token,
        address: IpAddr,
        tab: Uuid,
        ask: Ask,
    ) -> Result<Asking, Refusal> {
        let key = Key { session: token.hash(), tab };
        if let Some(known) = self.known().get_mut(&key) {
            return self.asking(key, known);
        }
        let visitor = self.chat.visitor(&token, address).await?.ok_or(Refusal::SignedOut)?;
        match ask {
            Ask::First => self.open(key, visitor, address),
            Ask::Further => Err(Refusal::HelloExpected),
        }
    }

    fn open(self: &Arc<Self>, key: Key, visitor: Visitor, address: IpAddr) -> Result<Asking, Refusal> {
        let mut all = self.known();
        if let Some(known) = all.get_mut(&key) {
            return self.asking(key, known);
        }
        let admission = self.hub.connections.admit(visitor.session(), Arc::clone(visitor.member()), address)?;
        let tab = Tab::new(Arc::clone(&self.chat), visitor, Feed::new(Arc::clone(&self.hub), admission));
        let known = all.entry(key).or_insert(Known { tab, n_asks: 0, until: Instant::now() });
        self.asking(key, known)
    }

    fn asking(self: &Arc<Self>, key: Key, known: &mut Known) -> Result<Asking, Refusal> {
        if known.tab.bell.closing() == Some(Closing::SignedOut) {
            return Err(Refusal::SignedOut);
        }
        known.n_asks += 1;
        let turn = known.tab.next_turn();
        Ok(Asking { tabs: Arc::clone(self), key, tab: Arc::clone(&known.tab), turn, is_answered: false })
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Key, Known>> {
        self.known.lock().expect("no holder of this lock panics")
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        let mut all = self.tabs.known();
        // A tab with an ask under way is never forgotten, so it is this one.
        let Some(known) = all.get_mut(&self.key) else { return };
        known.n_asks -= 1;
        known.until = Instant::now() + if self.is_answered { KNOWN_AFTER_ANSWER } else { KNOWN_AFTER_DROP };
        let must_end = known.n_asks == 0 && known.tab.bell.closing().is_some();
        let ended = must_end.then(|| all.remove(&self.key));
        drop(all);
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
