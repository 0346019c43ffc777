//! The network between the tabs and the server. While the simulation is hostile, frames are lost and delayed, and connections
//! are cut; afterwards all frames arrive. [`polls`] and [`sockets`] have the faults of each transport.
//!
//! [`polls`]: super::polls
//! [`sockets`]: super::sockets

use std::time::Duration;

use futures_util::future::{join, join_all};
use hubbub_protocol::{Seq, ServerFrame, What};
use uuid::Uuid;

use super::person::{Carrier, Polls};
use super::polls::Requests;
use super::simulation::Simulation;
use super::sockets::Crossing;

impl Simulation<'_> {
    /// Carries what the tabs send to the server, all tabs at once, and the responses back. Then lets the tabs poll, and delivers
    /// what has arrived at WebSockets.
    pub(crate) async fn exchange(&mut self, wait: Duration) {
        self.n_steps += 1;
        self.now += self.chance.between(1, 800);
        for n in 0..self.people.len() {
            let moment = self.moment();
            let person = &mut self.people[n];
            if person.engine.deadline().is_some_and(|deadline| deadline.0 <= moment.now.0) {
                person.engine.tick(moment);
                self.act(n);
            }
            self.open(n).await;
            self.deliver_late(n);
        }
        let requests: Vec<Requests> = (0..self.people.len()).filter_map(|n| self.requests(n)).collect();
        let crossings: Vec<Crossing> = (0..self.people.len()).filter_map(|n| self.crossing(n)).collect();
        let world = self.world;
        let answered = join_all(requests.into_iter().map(|requests| requests.carry(world)));
        let crossed = join_all(crossings.into_iter().map(|crossing| crossing.carry(wait)));
        let (answered, crossed) = join(answered, crossed).await;
        for responses in answered {
            self.respond(responses);
        }
        for crossed in crossed {
            self.arrive(crossed);
        }
        for n in 0..self.people.len() {
            if !self.is_hostile || self.chance.one_in(2) {
                self.poll(n, wait).await;
            }
            self.deliver_arrived(n);
        }
    }

    /// Opens the connection of a tab, by polling or by a WebSocket, and tells the tab; or tells it that the connection
    /// failed.
    async fn open(&mut self, n: usize) {
        let moment = self.moment();
        let fails = self.is_hostile && self.chance.one_in(10);
        let is_by_polling = self.chance.one_in(2);
        let has_small_buffer = self.chance.one_in(2);
        let member = self.people[n].member;
        let Some(connection) = self.people[n].connection.as_mut().filter(|it| it.carrier.is_none()) else { return };
        if fails {
            return self.lose(n);
        }
        connection.carrier = Some(if is_by_polling {
            Carrier::Polls(Polls::default())
        } else {
            Carrier::WebSocket(Box::new(self.world.connect(member, has_small_buffer).await))
        });
        self.people[n].engine.opened(moment);
        self.act(n);
    }

    /// Ends the connection of a tab. What is on its way is lost. A server may notice the end of a WebSocket only later.
    pub(crate) fn lose(&mut self, n: usize) {
        let moment = self.moment();
        let is_noticed = self.chance.one_in(2);
        let Some(connection) = self.people[n].connection.take() else { return };
        if let (Some(Carrier::WebSocket(socket)), false) = (connection.carrier, is_noticed) {
            self.lingering.push(*socket);
        }
        self.people[n].engine.closed(moment);
        self.act(n);
    }

    pub(crate) fn deliver(&mut self, n: usize, frames: Vec<ServerFrame>) {
        for frame in frames {
            let moment = self.moment();
            self.people[n].engine.received(frame, moment);
            self.act(n);
        }
    }

    /// Notes which texts the hub has replaced: those before a change that a tab got from it.
    pub(crate) fn learn(&mut self, frames: &[ServerFrame]) {
        for frame in frames {
            let ServerFrame::Changes { changes, .. } = frame else { continue };
            for change in changes.iter().filter(|change| change.seq > self.published) {
                let Some(message) = change.message() else { continue };
                let old = match &change.what {
                    What::Posted { body, .. } | What::Edited { body } if !body.is_empty() => {
                        self.texts.insert(message, body.clone()).filter(|old| old != body)
                    }
                    What::Deleted => self.texts.remove(&message),
                    _ => None,
                };
                self.outdated.extend(old);
            }
            self.published = self.published.max(changes.last().map_or(Seq(0), |last| last.seq));
        }
    }

    /// Lets a tab do its engine's actions.
    pub(crate) fn act(&mut self, n: usize) {
        let connection = Uuid::from_bytes(self.chance.bytes());
        self.people[n].act(connection);
    }
}
