//! The log that all receivers of a room must agree on. The first receiver of an event adds it, and it is compared with what
//! was posted. A payload that was right once is recognised by its bytes from then on, since a server sends the same bytes to
//! everyone: decoding each of a million deliveries would measure the decoder.

use hubbub_protocol::{MessageId, Seq};

use super::Fault;

/// An event in a payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReceivedEvent {
    pub(crate) seq: Seq,
    /// The number in its text; None if the text is not one of this run.
    pub(crate) number: Option<u64>,
    /// Its id, if the server has ids.
    pub(crate) id: Option<MessageId>,
}

#[derive(Clone, Copy)]
struct Entry {
    number: u64,
    id: Option<MessageId>,
}

/// A payload that was decoded once and is right.
struct Slice {
    payload: Box<[u8]>,
    last: Seq,
}

/// A message that was posted.
struct Posted {
    at_ns: u64,
    seq: Option<Seq>,
}

pub(crate) struct Log {
    base: Seq,
    /// By seq, from the one after `base`.
    entries: Vec<Option<Entry>>,
    /// By the seq of their first event, from the one after `base`. Several payloads may begin with the same event, since a
    /// server chooses how many events it puts into one.
    slices: Vec<Vec<Slice>>,
    /// By number.
    posted: Vec<Posted>,
    acks: Vec<(Seq, MessageId)>,
}

impl Log {
    /// A log that begins after `base`.
    pub(crate) fn new(base: Seq) -> Self {
        Self { base, entries: Vec::new(), slices: Vec::new(), posted: Vec::new(), acks: Vec::new() }
    }

    pub(crate) fn base(&self) -> Seq {
        self.base
    }

    /// The last seq that any receiver has.
    pub(crate) fn head(&self) -> Seq {
        Seq(self.base.0 + self.entries.len() as u64)
    }

    /// Adds a post and returns its number.
    pub(crate) fn post(&mut self, at_ns: u64) -> u64 {
        self.posted.push(Posted { at_ns, seq: None });
        self.posted.len() as u64 - 1
    }

    pub(crate) fn n_posted(&self) -> usize {
        self.posted.len()
    }

    pub(crate) fn n_acked(&self) -> usize {
        self.acks.len()
    }

    /// When the message that became `seq` was posted, and its number.
    pub(crate) fn posted(&self, seq: Seq) -> Option<(u64, u64)> {
        let number = self.entries.get(self.index(seq)?).copied()??.number;
        Some((self.posted.get(usize::try_from(number).ok()?)?.at_ns, number))
    }

    /// The seq of a message of a server that doesn't number what it relays: the first receiver of the message decides.
    pub(crate) fn place(&self, number: Option<u64>) -> Seq {
        let posted = number.and_then(|number| self.posted.get(usize::try_from(number).ok()?));
        posted.and_then(|posted| posted.seq).unwrap_or(self.head().next())
    }

    /// Returns the last seq in `payload` if it is a known payload whose first event comes right after `after`.
    pub(crate) fn recognise(&self, after: Seq, payload: &[u8]) -> Option<Seq> {
        let slices = self.slices.get(self.index(after.next())?)?;
        slices.iter().find(|slice| *slice.payload == *payload).map(|slice| slice.last)
    }

    /// Compares the events of a payload with what was posted and with what other receivers got, and remembers the payload if
    /// it is right.
    ///
    /// # Errors
    /// [`Fault::Foreign`] or [`Fault::LoggedTwice`].
    pub(crate) fn learn(&mut self, receiver: usize, payload: &[u8], events: &[ReceivedEvent]) -> Result<(), Fault> {
        for event in events {
            self.learn_event(receiver, event)?;
        }
        let contiguous = events.windows(2).all(|pair| pair[0].seq.next() == pair[1].seq);
        if let (true, Some(first), Some(last)) = (contiguous, events.first(), events.last()) {
            let index = self.index(first.seq).expect("events before the base are foreign");
            if self.slices.len() <= index {
                self.slices.resize_with(index + 1, Vec::new);
            }
            self.slices[index].push(Slice { payload: payload.into(), last: last.seq });
        }
        Ok(())
    }

    pub(crate) fn acknowledged(&mut self, seq: Seq, id: MessageId) {
        self.acks.push((seq, id));
    }

    /// The faults of the log as a whole. Receivers have their own.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        let vanished = self.posted.iter().enumerate().filter(|(_, posted)| posted.seq.is_none());
        let mut faults: Vec<_> = vanished.map(|(number, _)| Fault::Vanished { number: number as u64 }).collect();
        for &(seq, id) in &self.acks {
            let entry = self.index(seq).and_then(|index| self.entries.get(index).copied().flatten());
            if entry.is_none_or(|entry| entry.id != Some(id)) {
                faults.push(Fault::AckedAsAnother { seq });
            }
        }
        faults
    }

    fn learn_event(&mut self, receiver: usize, event: &ReceivedEvent) -> Result<(), Fault> {
        let foreign = Fault::Foreign { receiver, seq: event.seq };
        let Some(index) = self.index(event.seq) else { return Err(foreign) };
        let Some(number) = event.number else { return Err(foreign) };
        let Some(posted) = usize::try_from(number).ok().and_then(|number| self.posted.get_mut(number)) else {
            return Err(foreign);
        };
        match self.entries.get(index).copied().flatten() {
            Some(entry) if entry.number == number && entry.id == event.id => return Ok(()),
            Some(_) => return Err(foreign),
            None => {}
        }
        if let Some(first) = posted.seq {
            return Err(Fault::LoggedTwice { number, first, second: event.seq });
        }
        posted.seq = Some(event.seq);
        if self.entries.len() <= index {
            self.entries.resize(index + 1, None);
        }
        self.entries[index] = Some(Entry { number, id: event.id });
        Ok(())
    }

    fn index(&self, seq: Seq) -> Option<usize> {
        usize::try_from(seq.0.checked_sub(self.base.0 + 1)?).ok()
    }
}
