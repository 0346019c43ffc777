//! The simulation: virtual time and a queue of scheduled events. It delivers frames between the engines and the server,
//! performs the engines' actions, and checks the engines after every step.

use std::collections::{BTreeMap, BTreeSet};

use hubbub_client::{Action, Engine, Moment, Update};
use hubbub_protocol::{
    ClientFrame, Cursor, Interest, Member, MemberId, MessageId, PageReason, RoomId, Seq, ServerFrame, UnixMillis,
};

use super::chance::Chance;
use super::checks;
use super::network::Network;
use super::person::Person;
use super::polling::is_hint;
use super::server::{AddressedFrame, ConnectionId, Server};

pub(crate) const ROOMS: [RoomId; 2] = [RoomId(1), RoomId(2)];
/// A room that everyone follows and that does not exist.
pub(crate) const NO_ROOM: RoomId = RoomId(99);

pub(crate) enum SimEvent {
    Opened(ConnectionId),
    Closed(ConnectionId),
    ToServer(ConnectionId, ClientFrame),
    ToClient(ConnectionId, ServerFrame),
    /// The client of a polling connection sends its next poll.
    Polls(ConnectionId),
    /// A further poll arrives at the server. The first poll is a `ToServer`.
    FurtherPollArrives(ConnectionId, Vec<Interest>),
    /// The wait of a poll ends.
    PollTimesOut(ConnectionId),
    /// The response to a poll arrives at the client.
    PollResponseArrives(ConnectionId, Vec<ServerFrame>),
    ServerNoticesLoss(ConnectionId),
    ServerIsUp,
    Flush,
    Tick(usize),
    Act(usize),
    Fault,
}

pub(crate) struct Simulation {
    pub(crate) now: u64,
    pub(crate) chance: Chance,
    pub(crate) server: Server,
    pub(crate) network: Network,
    pub(crate) people: Vec<Person>,
    /// Messages that a restored backup has lost.
    pub(crate) lost: BTreeSet<MessageId>,
    /// The number of messages that people have sent. Each message keeps its number, which gives their order.
    pub(crate) n_sent: u64,
    /// Whether people act and faults are injected. Set to false at the end.
    pub(crate) is_busy: bool,
    scheduled: BTreeMap<(u64, u64), SimEvent>,
    n_events_scheduled: u64,
    n_ticks_now: u32,
}

impl Simulation {
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let server = Server::new(&ROOMS, &mut chance);
        let n_people = chance.between(2, 4);
        let people = (0..n_people).map(|i| {
            // Two of them may be two tabs of one member.
            let id = if i == 3 { 1 } else { i + 1 };
            Person::new(Member { id: MemberId(id), name: format!("Person {id}") })
        });
        let mut simulation = Self {
            now: 1_760_000_000_000,
            server,
            network: Network::new(),
            people: people.collect(),
            chance,
            lost: BTreeSet::new(),
            n_sent: 0,
            is_busy: true,
            scheduled: BTreeMap::new(),
            n_events_scheduled: 0,
            n_ticks_now: 0,
        };
        for person in 0..simulation.people.len() {
            simulation.begin(person);
            simulation.after(0, 500, SimEvent::Act(person));
        }
        simulation.after(500, 5_000, SimEvent::Fault);
        simulation
    }

    /// Runs the events of the next `ms` milliseconds.
    pub(crate) fn run(&mut self, ms: u64) {
        let end = self.now + ms;
        while let Some(next) = self.scheduled.first_entry() {
            if next.key().0 > end {
                break;
            }
            let ((at, _), event) = next.remove_entry();
            if at > self.now {
                self.n_ticks_now = 0;
            }
            self.now = at;
            self.handle(event);
        }
        self.now = end;
    }

    /// Schedules an event between `least` and `most` ms from now.
    pub(crate) fn after(&mut self, least: u64, most: u64, event: SimEvent) {
        let at = self.now + self.chance.between(least, most);
        self.at(at, event);
    }

    /// Calls a person's engine, performs its actions and checks it.
    pub(crate) fn with(&mut self, person: usize, call: impl FnOnce(&mut Engine, Moment)) {
        let moment = self.moment();
        call(&mut self.people[person].engine, moment);
        self.process(person, false);
    }

    pub(crate) fn moment(&mut self) -> Moment {
        Moment { now: UnixMillis(self.now), random: self.chance.bytes() }
    }

    /// Loads a page, with or without the messages that the server rendered, or with a cursor that an earlier page kept.
    pub(crate) fn begin(&mut self, person: usize) {
        let is_restored_first = self.chance.one_in(2);
        if is_restored_first {
            self.people[person].restore();
        }
        if self.chance.one_in(2) && self.server.is_up {
            for room in ROOMS {
                let (epoch, state, page) = self.server.rendered(room, self.people[person].member.id);
                if self.chance.one_in(4) {
                    let seq = Seq(self.chance.between(0, page.as_of.0));
                    self.people[person].engine.seed_cursor(room, Cursor { epoch, seq });
                } else {
                    self.people[person].engine.seed(room, epoch, state, page);
                }
            }
        }
        if !is_restored_first {
            self.people[person].restore();
        }
        self.with(person, |engine, moment| {
            ROOMS.into_iter().chain([NO_ROOM]).for_each(|room| engine.follow(room));
            engine.start(moment);
        });
    }

    /// Cuts a connection. Frames that were sent may still arrive at the server, and the client may not notice the cut.
    pub(crate) fn cut(&mut self, connection: ConnectionId) {
        let is_noticed = !self.chance.one_in(4);
        let still_carries_up = self.chance.one_in(2);
        let Some(wire) = self.network.wires.get_mut(&connection) else { return };
        wire.carries_down = false;
        wire.is_half_open = true;
        wire.carries_up &= still_carries_up;
        self.after(0, 5_000, SimEvent::ServerNoticesLoss(connection));
        if is_noticed {
            self.after(0, 300, SimEvent::Closed(connection));
        }
    }

    pub(crate) fn deliver(&mut self, frames: Vec<AddressedFrame>) {
        for (connection, frame) in frames {
            let polling = self.network.wires.get_mut(&connection).and_then(|wire| wire.polling.as_mut());
            if let Some(polling) = polling.filter(|_| is_hint(&frame)) {
                polling.queued_frames.push(frame);
                continue;
            }
            for at in self.network.down(connection, &frame, self.now, &mut self.chance) {
                self.at(at, SimEvent::ToClient(connection, frame.clone()));
            }
        }
    }

    pub(crate) fn at(&mut self, at: u64, event: SimEvent) {
        self.n_events_scheduled += 1;
        self.scheduled.insert((at, self.n_events_scheduled), event);
    }

    fn handle(&mut self, event: SimEvent) {
        match event {
            SimEvent::Opened(connection) => {
                let person = self.network.wires[&connection].person;
                if self.people[person].connection != Some(connection) {
                } else if self.server.is_up {
                    // The server learns of a polling tab by its first poll.
                    if self.network.wires[&connection].polling.is_none() {
                        self.server.accept(connection, self.people[person].member.clone());
                    }
                    self.with(person, |engine, moment| engine.opened(moment));
                } else {
                    self.closed(connection);
                }
            }
            SimEvent::Closed(connection) => self.closed(connection),
            SimEvent::ToServer(connection, frame) => {
                if !self.network.wires[&connection].carries_up {
                } else if self.network.wires[&connection].polling.is_some() {
                    self.request(connection, frame);
                } else if self.server.is_up {
                    let now = UnixMillis(self.now);
                    let frames = self.server.receive(connection, frame, now, &mut self.chance);
                    self.deliver(frames);
                    self.after(0, 60, SimEvent::Flush);
                }
            }
            SimEvent::ToClient(connection, frame) => self.reach_client(connection, frame),
            SimEvent::Polls(connection) => self.poll(connection),
            SimEvent::FurtherPollArrives(connection, rooms) => self.further_poll(connection, rooms),
            SimEvent::PollTimesOut(connection) => self.respond(connection),
            SimEvent::PollResponseArrives(connection, frames) => self.response_received(connection, frames),
            SimEvent::ServerNoticesLoss(connection) => {
                self.server.forget(connection);
                if let Some(wire) = self.network.wires.get_mut(&connection) {
                    wire.carries_up = false;
                }
            }
            SimEvent::ServerIsUp => self.server.is_up = true,
            SimEvent::Flush => {
                if self.server.is_up {
                    self.server.commit_late(UnixMillis(self.now));
                    let frames = self.server.flush();
                    self.deliver(frames);
                    self.respond_to_waiting_polls();
                }
            }
            SimEvent::Tick(person) => self.tick(person),
            SimEvent::Act(person) => self.act(person),
            SimEvent::Fault => self.inject_fault(),
        }
    }

    fn closed(&mut self, connection: ConnectionId) {
        let person = self.network.wires[&connection].person;
        if self.people[person].connection == Some(connection) {
            self.people[person].connection = None;
            self.with(person, |engine, moment| engine.closed(moment));
        }
    }

    pub(crate) fn reach_client(&mut self, connection: ConnectionId, frame: ServerFrame) {
        let wire = &self.network.wires[&connection];
        let person = wire.person;
        if !wire.carries_down || self.people[person].connection != Some(connection) {
            return;
        }
        let is_reset = matches!(&frame, ServerFrame::Page { reason: PageReason::Reset, .. });
        let moment = self.moment();
        self.people[person].engine.received(frame, moment);
        self.process(person, is_reset);
    }

    fn tick(&mut self, person: usize) {
        if self.people[person].tick_at.is_none_or(|at| at > self.now) {
            return;
        }
        self.n_ticks_now += 1;
        assert!(self.n_ticks_now < 100, "a tick does not move the deadline");
        self.people[person].tick_at = None;
        self.with(person, |engine, moment| engine.tick(moment));
    }

    /// Performs an engine's actions, applies its updates to the views, and checks the engine. The cursor may go back if a
    /// `reset` was received.
    fn process(&mut self, person: usize, is_reset: bool) {
        for action in self.people[person].engine.take_actions() {
            self.perform(person, action);
        }
        let mut updated = BTreeSet::new();
        for update in self.people[person].engine.take_updates() {
            self.people[person].apply(&update);
            if let Update::List(room) | Update::Message(room, _) | Update::Thread(room) | Update::Pins(room) = update {
                updated.insert(room);
            }
        }
        for room in updated {
            checks::timeline_matches_stream(&self.people[person], &self.server, room);
        }
        // Only sometimes, because this check takes as long as all others together.
        if self.chance.one_in(8) {
            checks::views_match_engine(&self.people[person]);
        }
        checks::cursors_never_go_back(&mut self.people[person], is_reset);
        let deadline = self.people[person].engine.deadline().map(|deadline| deadline.0.max(self.now));
        let tick_at = &mut self.people[person].tick_at;
        if let Some(deadline) = deadline
            && tick_at.is_none_or(|at| deadline < at)
        {
            *tick_at = Some(deadline);
            self.at(deadline, SimEvent::Tick(person));
        }
    }

    fn perform(&mut self, person: usize, action: Action) {
        match action {
            Action::Open => {
                assert_eq!(self.people[person].connection, None, "one connection at a time");
                let connection = self.network.open(person, &mut self.chance);
                self.people[person].connection = Some(connection);
                match self.chance.between(0, 9) {
                    0 if self.network.is_hostile => {} // The connection hangs.
                    1 if self.network.is_hostile => self.after(0, 2_000, SimEvent::Closed(connection)),
                    _ => self.after(1, 100, SimEvent::Opened(connection)),
                }
            }
            Action::Close => {
                let connection = self.people[person].connection.take().expect("there is one to close");
                self.cut(connection);
            }
            Action::Send(frame) => {
                checks::operation_is_the_oldest_of_its_lane(&self.people[person], &frame);
                let connection = self.people[person].connection.expect("frames go over a connection");
                for at in self.network.up(connection, &frame, self.now, &mut self.chance) {
                    self.at(at, SimEvent::ToServer(connection, frame.clone()));
                }
            }
        }
    }
}
