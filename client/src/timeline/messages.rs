//! The messages that a client holds of a room, one entry a message. Timeline, quotes, pins and threads refer to them by id,
//! so one change updates all of them. It knows no order and no requests.

use hubbub_protocol::{Applied, Change, MemberId, Message, MessageId, OwnReactions, What};

/// A message in the newest state that the client knows, and the client's own reactions to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) message: Message,
    /// The emoji that the client's member reacted with.
    pub(crate) mine: Vec<String>,
    /// Whether a change of an unknown kind is missing in the message, although its `rev` may be higher.
    pub(crate) is_outdated: bool,
}

/// Sorted by id, each id once. New messages have the greatest ids, so they are appended.
#[derive(Debug, Default)]
pub(crate) struct Messages(Vec<Held>);

impl Held {
    /// Returns a message that nobody has reacted to.
    pub(crate) const fn new(message: Message) -> Self {
        Self { message, mine: Vec::new(), is_outdated: false }
    }

    /// Returns the messages with the reader's reactions, which a page and rows list apart from them.
    pub(crate) fn join(messages: Vec<Message>, mine: &mut Vec<OwnReactions>) -> Vec<Self> {
        let held = messages.into_iter().map(|message| {
            let own = mine.iter().position(|own| own.message == message.id);
            let mine = own.map(|place| mine.swap_remove(place).emoji).unwrap_or_default();
            Self { message, mine, is_outdated: false }
        });
        held.collect()
    }

    /// Applies a change to the message and, if `you` made it, to the own reactions.
    pub(crate) fn apply(&mut self, change: &Change, you: MemberId) -> Applied {
        let applied = self.message.apply(change);
        self.is_outdated |= applied == Applied::Unknown;
        if applied == Applied::Changed {
            match &change.what {
                What::Reacted { emoji, on, .. } if change.by.id == you => {
                    self.mine.retain(|own| own != emoji);
                    if *on {
                        self.mine.push(emoji.clone());
                    }
                }
                What::Deleted => self.mine.clear(),
                What::Posted { .. }
                | What::Edited { .. }
                | What::Reacted { .. }
                | What::Pinned { .. }
                | What::Described { .. }
                | What::Unknown => {}
            }
        }
        applied
    }

    fn is_older_than(&self, other: &Self) -> bool {
        let (rev, other_rev) = (self.message.rev, other.message.rev);
        rev < other_rev || rev == other_rev && self.is_outdated && !other.is_outdated
    }
}

impl Messages {
    pub(crate) fn get(&self, id: MessageId) -> Option<&Held> {
        self.place(id).ok().map(|place| &self.0[place])
    }

    pub(crate) fn get_mut(&mut self, id: MessageId) -> Option<&mut Held> {
        self.place(id).ok().map(|place| &mut self.0[place])
    }

    pub(crate) fn holds(&self, id: MessageId) -> bool {
        self.place(id).is_ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Held> {
        self.0.iter()
    }

    /// Adds a message, or replaces an older state of it. Returns whether anything differs now.
    pub(crate) fn insert(&mut self, held: Held) -> bool {
        match self.place(held.message.id) {
            Ok(place) if !self.0[place].is_older_than(&held) => return false,
            Ok(place) => self.0[place] = held,
            Err(place) => self.0.insert(place, held),
        }
        true
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Drops every message that is not among `ids`, which are sorted.
    pub(crate) fn keep_only(&mut self, ids: &[MessageId]) {
        self.0.retain(|held| ids.binary_search(&held.message.id).is_ok());
    }

    fn place(&self, id: MessageId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, |held| held.message.id)
    }
}
