//! A connection that the sync engine drives, as in the browser. A crowd has a few of them, so that a run also checks what the
//! engine believes in the end. The crowd brings the bytes, the time and the randomness.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use hubbub_client::{Action, Engine, Entry, MessageState, Moment};
use hubbub_protocol::text::Body;
use hubbub_protocol::{Member, MessageId, RoomId, Seq, UnixMillis, codec};

use crate::checker::Expected;
use crate::message;

/// The sync engine of one connection.
pub(crate) struct Pilot {
    engine: Engine,
    room: RoomId,
}

impl Pilot {
    pub(crate) fn new(you: Member, room: RoomId) -> Self {
        let mut engine = Engine::new(you);
        engine.follow(room);
        engine.start(moment());
        // The engine asks for a connection, which the crowd is opening already.
        engine.take_actions();
        Self { engine, room }
    }

    /// Tells the engine that the connection is open. Returns the frames to send, as the methods below do.
    pub(crate) fn opened(&mut self) -> Result<Vec<String>> {
        self.engine.opened(moment());
        self.frames_to_send()
    }

    pub(crate) fn received(&mut self, payload: &[u8]) -> Result<Vec<String>> {
        let frame = codec::decode_server(str::from_utf8(payload)?)?;
        self.engine.received(frame, moment());
        self.frames_to_send()
    }

    /// Posts a message. Returns its id and the frames to send.
    pub(crate) fn send(&mut self, text: &str) -> Result<(MessageId, Vec<String>)> {
        let body = Body::parse(text).context("a message that the protocol forbids")?;
        let id = self.engine.send(self.room, body, None, moment());
        Ok((id, self.frames_to_send()?))
    }

    pub(crate) fn tick(&mut self) -> Result<Vec<String>> {
        let moment = moment();
        if self.engine.deadline().is_some_and(|deadline| deadline <= moment.now) {
            self.engine.tick(moment);
        }
        self.frames_to_send()
    }

    /// Returns how the engine's state differs from the log, which ends at `head`; None if it doesn't.
    pub(crate) fn misbelief(&self, head: Seq, expected: &HashMap<MessageId, Expected>) -> Option<String> {
        let cursor = self.engine.cursor(self.room).map(|cursor| cursor.seq);
        if cursor != Some(head) {
            return Some(format!("its cursor is {cursor:?} and the log ends at {head}"));
        }
        let n_unsent = self.engine.unsent(self.room).len();
        if n_unsent > 0 {
            return Some(format!("{n_unsent} operations are still unsent"));
        }
        let mut after = None;
        for entry in self.engine.timeline(self.room).into_iter().flat_map(|timeline| timeline.entries()) {
            let Entry::Message(message) = entry else { return Some("there is a gap".to_owned()) };
            let MessageState::Sent(seq) = message.state else {
                return Some(format!("a message is {:?}", message.state));
            };
            if after.is_some_and(|after: Seq| after >= seq) {
                return Some(format!("{seq} stands after {after:?}"));
            }
            after = Some(seq);
            if let Some(expected) = expected.get(&message.id) {
                let has = (message::number(message.body), !message.reactions.is_empty());
                if has != (Some(expected.number), expected.has_reaction) {
                    return Some(format!("message {seq} is {has:?}, and the log says {expected:?}"));
                }
            }
        }
        None
    }

    fn frames_to_send(&mut self) -> Result<Vec<String>> {
        self.engine.take_updates();
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

/// Returns the time and random bytes. The system seeds a `RandomState` for each thread, and each use steps it.
pub(crate) fn moment() -> Moment {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let source = RandomState::new();
    let mut random = [0; 16];
    random[..8].copy_from_slice(&source.hash_one(0).to_le_bytes());
    random[8..].copy_from_slice(&source.hash_one(1).to_le_bytes());
    Moment { now: UnixMillis(u64::try_from(now).unwrap_or(u64::MAX)), random }
}
