//! What a crowd does with the bytes that a connection receives: the response to the upgrade, then frames. Part of [`Crowd`].
//! The path of a payload that is already known runs millions of times a second.

use anyhow::{Result, bail};
use hubbub_protocol::Seq;

use super::link::Stage;
use super::{Crowd, Release, Transport};
use crate::checker::{Content, Log, ReceivedChange, Receiver};
use crate::dialect::ServerMessage;
use crate::frame::{self, Opcode};
use crate::handshake;

impl Crowd {
    pub(super) fn receive(&mut self, token: usize, buffer: &mut [u8]) -> Result<()> {
        let filled = self.links[token].socket().read(buffer)?;
        let now_ns = u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        match self.transport {
            Transport::WebSocket => self.frames(token, &buffer[..filled], now_ns),
            Transport::LongPolling | Transport::LongPollingHttp2 | Transport::Polling => {
                self.take_response(token, &buffer[..filled], now_ns)
            }
            Transport::Stream => self.take_lines(token, &buffer[..filled], now_ns),
        }
    }

    fn frames(&mut self, token: usize, bytes: &[u8], now_ns: u64) -> Result<()> {
        let mut done = 0;
        if self.links[token].stage == Stage::Upgrade {
            match handshake::end_of_response(bytes)? {
                Some(end) => done = end,
                None => {
                    self.links[token].socket().keep(bytes);
                    return Ok(());
                }
            }
            self.upgraded(token)?;
        }
        while let Some(frame) = frame::parse(&bytes[done..])? {
            let payload = &bytes[done + frame.start..done + frame.end];
            match frame.opcode {
                Opcode::Text => self.text(token, payload, now_ns)?,
                Opcode::Ping => self.links[token].send(&self.poller, Opcode::Pong, payload)?,
                Opcode::Pong => {}
                Opcode::Close => bail!("the server closed: {}", String::from_utf8_lossy(payload)),
            }
            done += frame.end;
        }
        self.links[token].socket().keep(&bytes[done..]);
        Ok(())
    }

    fn upgraded(&mut self, token: usize) -> Result<()> {
        let link = &mut self.links[token];
        link.stage = Stage::Room;
        if link.pilot.is_some() {
            return link.drive(&self.poller, |pilot| pilot.opened());
        }
        match self.dialect.hello(self.after) {
            Some(hello) => Ok(link.send(&self.poller, Opcode::Text, hello.as_bytes())?),
            None => self.joined(token, Seq(0)),
        }
    }

    pub(super) fn text(&mut self, token: usize, payload: &[u8], now_ns: u64) -> Result<()> {
        let link = &mut self.links[token];
        link.drive(&self.poller, |pilot| pilot.received(payload))?;
        let after = link.receiver.last();
        if let Some(last) = self.log.recognise(after, payload) {
            for seq in after.0 + 1..=last.0 {
                self.delivered(token, Seq(seq), now_ns);
            }
            return Ok(());
        }
        match self.dialect.parse(payload) {
            ServerMessage::Joined { epoch, head } => {
                if let Some(requests) = &mut self.links[token].requests {
                    requests.epoch = Some(epoch);
                }
                self.joined(token, head)?;
            }
            ServerMessage::Resumed { to } if self.links[token].stage == Stage::Live => {
                self.caught_up(token, to, now_ns)
            }
            ServerMessage::Resumed { to } => self.joined(token, to)?,
            ServerMessage::Changes(changes) => self.new_payload(token, payload, &changes, now_ns),
            ServerMessage::Relayed(number) => {
                let content = Content::Posted(number);
                let heard = ReceivedChange { seq: self.log.place(number), message: None, content };
                self.new_payload(token, payload, &[heard], now_ns);
            }
            ServerMessage::Acked { seq, op } => {
                self.log.acknowledged(seq, op);
                if self.release == Release::AtAck {
                    self.release(token);
                }
            }
            ServerMessage::Refused(why) => bail!("the server said: {why}"),
            ServerMessage::Nothing => {}
        }
        Ok(())
    }

    pub(super) fn joined(&mut self, token: usize, head: Seq) -> Result<()> {
        if self.n_live == 0 {
            self.log = Log::new(head);
        } else if self.log.base() != head {
            bail!("the room went on from {} to {head} while the crowd gathered", self.log.base());
        }
        let link = &mut self.links[token];
        link.stage = Stage::Live;
        link.receiver = Receiver::new(token, head);
        self.n_live += 1;
        Ok(())
    }

    fn new_payload(&mut self, token: usize, payload: &[u8], changes: &[ReceivedChange], now_ns: u64) {
        if let Err(fault) = self.log.learn(token, payload, changes) {
            self.faults.push(fault);
        }
        for change in changes {
            self.delivered(token, change.seq, now_ns);
        }
    }

    /// A connection that fell behind got the rows that changed and no changes. Its own operation is among them.
    fn caught_up(&mut self, token: usize, to: Seq, now_ns: u64) {
        let last = self.links[token].receiver.last();
        for seq in last.0 + 1..=to.0 {
            self.delivered(token, Seq(seq), now_ns);
        }
        if self.release == Release::AtDelivery && last < to {
            self.release(token);
        }
    }

    fn delivered(&mut self, token: usize, seq: Seq, now_ns: u64) {
        let link = &mut self.links[token];
        link.receiver.take(seq);
        self.n_deliveries += 1;
        if self.latency.is_none() && link.in_flight.is_none() {
            return;
        }
        let Some((posted_ns, number)) = self.log.posted(seq) else { return };
        if let Some(latency) = &mut self.latency {
            latency.record(now_ns.saturating_sub(posted_ns));
        }
        if self.release == Release::AtDelivery && link.in_flight == Some(number) {
            self.release(token);
        }
    }

    fn release(&mut self, token: usize) {
        if self.links[token].in_flight.take().is_some() {
            self.free.push(token);
        }
    }
}
