//! The log that all receivers of a room must agree on. The first receiver of a change adds it, and it is compared with what
//! was posted. A payload that was right once is recognised by its bytes from then on, since a server sends the same bytes to
//! everyone: decoding each of a million deliveries would measure the decoder.

use std::collections::HashMap;

use hubbub_protocol::{MessageId, OpId, Seq};

use super::{Content, Fault, ReceivedChange};

#[derive(Clone, Copy)]
struct Entry {
    number: u64,
    message: Option<MessageId>,
}

/// The id of an operation, and the message that it posts or changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SentAs {
    pub(crate) op: OpId,
    pub(crate) message: MessageId,
    pub(crate) is_reaction: bool,
}

impl SentAs {
    fn is_post(self) -> bool {
        MessageId::from(self.op) == self.message
    }
}

/// What a message of this run must be once every change was applied.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expected {
    /// The number of its newest text.
    pub(crate) number: u64,
    pub(crate) has_reaction: bool,
    text_since: Seq,
}

/// A payload that was decoded once and is right.
struct Slice {
    payload: Box<[u8]>,
    last: Seq,
}

/// An operation that was sent.
struct Sent {
    at_ns: u64,
    sent_as: Option<SentAs>,
    seq: Option<Seq>,
}

pub(crate) struct Log {
    base: Seq,
    /// By seq, from the one after `base`.
    entries: Vec<Option<Entry>>,
    /// By the seq of their first change, from the one after `base`. Several payloads may begin with the same change, since a
    /// server chooses how many changes it puts into one.
    slices: Vec<Vec<Slice>>,
    /// By number.
    sent: Vec<Sent>,
    /// The numbers of the posts, by message.
    posts: HashMap<MessageId, u64>,
    /// The numbers of the reactions, by message: each message gets one at most.
    reactions: HashMap<MessageId, u64>,
    acks: Vec<(Seq, OpId)>,
}

impl Log {
    /// A log that begins after `base`.
    pub(crate) fn new(base: Seq) -> Self {
        Self {
            base,
            entries: Vec::new(),
            slices: Vec::new(),
            sent: Vec::new(),
            posts: HashMap::new(),
            reactions: HashMap::new(),
            acks: Vec::new(),
        }
    }

    pub(crate) fn base(&self) -> Seq {
        self.base
    }

    /// The last seq that any receiver has.
    pub(crate) fn head(&self) -> Seq {
        Seq(self.base.0 + self.entries.len() as u64)
    }

    /// Adds an operation and returns its number.
    pub(crate) fn post(&mut self, at_ns: u64) -> u64 {
        self.sent.push(Sent { at_ns, sent_as: None, seq: None });
        self.sent.len() as u64 - 1
    }

    /// Says under which id an operation was sent, and on which message.
    pub(crate) fn sent_as(&mut self, number: u64, sent_as: SentAs) {
        if sent_as.is_reaction {
            self.reactions.insert(sent_as.message, number);
        } else if sent_as.is_post() {
            self.posts.insert(sent_as.message, number);
        }
        if let Some(sent) = usize::try_from(number).ok().and_then(|number| self.sent.get_mut(number)) {
            sent.sent_as = Some(sent_as);
        }
    }

    pub(crate) fn n_posted(&self) -> usize {
        self.sent.len()
    }

    pub(crate) fn n_acked(&self) -> usize {
        self.acks.len()
    }

    /// When the operation that became `seq` was sent, and its number.
    pub(crate) fn posted(&self, seq: Seq) -> Option<(u64, u64)> {
        let number = self.entries.get(self.index(seq)?).copied()??.number;
        Some((self.sent.get(usize::try_from(number).ok()?)?.at_ns, number))
    }

    /// The seq of a message of a server that doesn't number what it relays: the first receiver of the message decides.
    pub(crate) fn place(&self, number: Option<u64>) -> Seq {
        let sent = number.and_then(|number| self.sent.get(usize::try_from(number).ok()?));
        sent.and_then(|sent| sent.seq).unwrap_or(self.head().next())
    }

    /// Returns the last seq in `payload` if it is a known payload whose first change comes right after `after`.
    pub(crate) fn recognise(&self, after: Seq, payload: &[u8]) -> Option<Seq> {
        let slices = self.slices.get(self.index(after.next())?)?;
        slices.iter().find(|slice| *slice.payload == *payload).map(|slice| slice.last)
    }

    /// Compares the changes of a payload with what was sent and with what other receivers got, and remembers the payload if
    /// it is right.
    ///
    /// # Errors
    /// [`Fault::Foreign`] or [`Fault::LoggedTwice`].
    pub(crate) fn learn(&mut self, receiver: usize, payload: &[u8], changes: &[ReceivedChange]) -> Result<(), Fault> {
        for change in changes {
            self.learn_change(receiver, change)?;
        }
        let contiguous = changes.windows(2).all(|pair| pair[0].seq.next() == pair[1].seq);
        if let (true, Some(first), Some(last)) = (contiguous, changes.first(), changes.last()) {
            let index = self.index(first.seq).expect("changes before the base are foreign");
            if self.slices.len() <= index {
                self.slices.resize_with(index + 1, Vec::new);
            }
            self.slices[index].push(Slice { payload: payload.into(), last: last.seq });
        }
        Ok(())
    }

    pub(crate) fn acknowledged(&mut self, seq: Seq, op: OpId) {
        self.acks.push((seq, op));
    }

    /// The faults of the log as a whole. Receivers have their own.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        let vanished = self.sent.iter().enumerate().filter(|(_, sent)| sent.seq.is_none());
        let mut faults: Vec<_> = vanished.map(|(number, _)| Fault::Vanished { number: number as u64 }).collect();
        let named = self.sent.iter().filter_map(|sent| Some((sent.sent_as?.op, sent.seq)));
        let seqs: HashMap<OpId, Option<Seq>> = named.collect();
        for &(seq, op) in &self.acks {
            if seqs.get(&op) != Some(&Some(seq)) {
                faults.push(Fault::AckedAsAnother { seq });
            }
        }
        faults
    }

    /// What the messages of this run must be in the end, for the engines to be compared with.
    pub(crate) fn expected(&self) -> HashMap<MessageId, Expected> {
        let mut expected: HashMap<MessageId, Expected> = HashMap::new();
        for (number, sent) in self.sent.iter().enumerate() {
            let (Some(sent_as), Some(seq)) = (sent.sent_as, sent.seq) else { continue };
            let message = expected.entry(sent_as.message).or_default();
            if sent_as.is_reaction {
                message.has_reaction = true;
            } else if message.text_since < seq {
                (message.number, message.text_since) = (number as u64, seq);
            }
        }
        expected
    }

    fn learn_change(&mut self, receiver: usize, change: &ReceivedChange) -> Result<(), Fault> {
        let foreign = Fault::Foreign { receiver, seq: change.seq };
        let (Some(index), Some(number)) = (self.index(change.seq), self.operation_of(change)) else {
            return Err(foreign);
        };
        let Some(sent) = usize::try_from(number).ok().and_then(|number| self.sent.get_mut(number)) else {
            return Err(foreign);
        };
        match self.entries.get(index).copied().flatten() {
            Some(entry) if (entry.message, entry.number) == (change.message, number) => return Ok(()),
            Some(_) => return Err(foreign),
            None => {}
        }
        if let Some(first) = sent.seq {
            return Err(Fault::LoggedTwice { number, first, second: change.seq });
        }
        sent.seq = Some(change.seq);
        if self.entries.len() <= index {
            self.entries.resize(index + 1, None);
        }
        self.entries[index] = Some(Entry { number, message: change.message });
        Ok(())
    }

    /// Returns the number of the operation that asked for a change; None if none did.
    fn operation_of(&self, change: &ReceivedChange) -> Option<u64> {
        let (number, is_edit) = match change.content {
            Content::Posted(number) => (number?, false),
            Content::Edited(number) => (number?, true),
            Content::Reaction => return self.reactions.get(&change.message?).copied(),
            Content::Other => return None,
        };
        let Some(sent_as) = self.sent.get(usize::try_from(number).ok()?)?.sent_as else { return Some(number) };
        if Some(sent_as.message) != change.message {
            return None;
        }
        match (is_edit, sent_as.is_post()) {
            (true, false) | (false, true) => Some(number),
            // A server may write the text of an edit into the post, so that nobody gets the old text any more.
            (false, false) => self.posts.get(&sent_as.message).copied(),
            // Each message is edited once at most, so that an edit has no older text than its own.
            (true, true) => None,
        }
    }

    fn index(&self, seq: Seq) -> Option<usize> {
        usize::try_from(seq.0.checked_sub(self.base.0 + 1)?).ok()
    }
}
