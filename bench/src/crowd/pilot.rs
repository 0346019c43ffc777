//! A connection that is driven by the whole sync engine, as the browser's are. The crowd has a few among its many, so
//! that what is measured is also what an app would believe; it brings the bytes, the time and the chance.

use std::hash::{BuildHasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use hubbub_client::{Action, Engine, Entry, MessageState, Moment};
use hubbub_protocol::text::Body;
use hubbub_protocol::{Member, RoomId, Seq, UnixMillis, codec};

pub(crate) struct Pilot {
    engine: Engine,
    room: RoomId,
}

impl Pilot {
    pub(crate) fn new(you: Member, room: RoomId) -> Self {
        let mut engine = Engine::new(you);
        engine.follow(room);
        engine.start(moment());
        // It asks for a connection, and the crowd is opening one already.
        engine.take_actions();
        Self { engine, room }
    }

    /// The connection is up. Answers, like all that follow, what is to be sent.
    pub(crate) fn opened(&mut self) -> Result<Vec<String>> {
        self.engine.opened(moment());
        self.wanted()
    }

    pub(crate) fn received(&mut self, payload: &[u8]) -> Result<Vec<String>> {
        let frame = codec::decode_server(str::from_utf8(payload)?)?;
        self.engine.received(frame, moment());
        self.wanted()
    }

    pub(crate) fn send(&mut self, text: &str) -> Result<Vec<String>> {
        let body = Body::parse(text).context("a message that the protocol forbids")?;
        self.engine.send(self.room, body, moment());
        self.wanted()
    }

    pub(crate) fn tick(&mut self) -> Result<Vec<String>> {
        let moment = moment();
        if self.engine.deadline().is_some_and(|deadline| deadline <= moment.now) {
            self.engine.tick(moment);
        }
        self.wanted()
    }

    /// What the engine believes that isn't so, given that the log ends at `head`.
    pub(crate) fn misbelief(&self, head: Seq) -> Option<String> {
        let cursor = self.engine.cursor(self.room).map(|cursor| cursor.seq);
        if cursor != Some(head) {
            return Some(format!("its cursor is {cursor:?} and the log ends at {head}"));
        }
        let n_unsent = self.engine.unsent(self.room).len();
        if n_unsent > 0 {
            return Some(format!("{n_unsent} messages are still unsent"));
        }
        let mut after = None;
        for entry in self.engine.timeline(self.room).into_iter().flat_map(|timeline| timeline.entries()) {
            let seq = match entry {
                Entry::Message(message) => match message.state {
                    MessageState::Sent(seq) => seq,
                    state => return Some(format!("a message is {state:?}")),
                },
                Entry::Gap => return Some("there is a gap".to_owned()),
            };
            if after.is_some_and(|after: Seq| after.next() != seq) {
                return Some(format!("{seq} stands after {after:?}"));
            }
            after = Some(seq);
        }
        None
    }

    fn wanted(&mut self) -> Result<Vec<String>> {
        self.engine.take_changes();
        let mut payloads = Vec::new();
        for action in self.engine.take_actions() {
            match action {
                Action::Send(frame) => payloads.push(codec::encode_client(&frame)),
                Action::Open | Action::Close => bail!("the sync engine gave the connection up"),
            }
        }
        Ok(payloads)
    }
}

/// Now, and fresh chance: a `RandomState` is seeded anew by the system for each thread and stepped for each use.
pub(crate) fn moment() -> Moment {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let chance = RandomState::new();
    let mut random = [0; 16];
    random[..8].copy_from_slice(&chance.hash_one(0).to_le_bytes());
    random[8..].copy_from_slice(&chance.hash_one(1).to_le_bytes());
    Moment { now: UnixMillis(u64::try_from(now).unwrap_or(u64::MAX)), random }
}
