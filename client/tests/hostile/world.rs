//! The world: virtual time, and everything that happens in it in one order. It moves frames between engines and the
//! server, does what the engines ask for, and checks them after every step.

use std::collections::{BTreeMap, BTreeSet};

use hubbub_client::{Action, Change, Engine, Moment};
use hubbub_protocol::{
    ClientFrame, Interest, Member, MemberId, MessageId, RoomId, ServerFrame, SnapshotReason, UnixMillis,
};

use super::asking::is_hint;
use super::chance::Chance;
use super::checks;
use super::network::Network;
use super::person::Person;
use super::server::{ConnectionId, Said, Server};

pub(crate) const ROOMS: [RoomId; 2] = [RoomId(1), RoomId(2)];
/// Everyone asks for it, and there is none.
pub(crate) const NO_ROOM: RoomId = RoomId(99);

pub(crate) enum Happening {
    Opened(ConnectionId),
    Closed(ConnectionId),
    ToServer(ConnectionId, ClientFrame),
    ToClient(ConnectionId, ServerFrame),
    /// The client of an asking connection asks again.
    Asks(ConnectionId),
    /// That has reached the server. What asks first comes there as a frame.
    AsksFurther(ConnectionId, Vec<Interest>),
    /// The server has let a request wait for long enough.
    WaitIsOver(ConnectionId),
    /// An answer has arrived, or has been given up when it is none.
    Answered(ConnectionId, Vec<ServerFrame>),
    ServerNoticesLoss(ConnectionId),
    ServerIsUp,
    Flush,
    Tick(usize),
    Act(usize),
    Trouble,
}

pub(crate) struct World {
    pub(crate) now: u64,
    pub(crate) chance: Chance,
    pub(crate) server: Server,
    pub(crate) network: Network,
    pub(crate) people: Vec<Person>,
    /// Messages that a restored backup has lost.
    pub(crate) lost: BTreeSet<MessageId>,
    /// Counts what people send, so that "before" has a meaning.
    pub(crate) n_sent: u64,
    /// People act and trouble comes; set to false at the end.
    pub(crate) is_busy: bool,
    to_come: BTreeMap<(u64, u64), Happening>,
    n_happenings: u64,
    n_ticks_now: u32,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let server = Server::new(&ROOMS, &mut chance);
        let n_people = chance.between(2, 4);
        let people = (0..n_people).map(|i| {
            // Two of them may be two tabs of one member.
            let id = if i == 3 { 1 } else { i + 1 };
            Person::new(Member { id: MemberId(id), name: format!("Person {id}") })
        });
        let mut world = Self {
            now: 1_760_000_000_000,
            server,
            network: Network::new(),
            people: people.collect(),
            chance,
            lost: BTreeSet::new(),
            n_sent: 0,
            is_busy: true,
            to_come: BTreeMap::new(),
            n_happenings: 0,
            n_ticks_now: 0,
        };
        for person in 0..world.people.len() {
            world.begin(person);
            world.after(0, 500, Happening::Act(person));
        }
        world.after(500, 5_000, Happening::Trouble);
        world
    }

    /// Lets time go on for so many ms.
    pub(crate) fn run(&mut self, ms: u64) {
        let end = self.now + ms;
        while let Some(next) = self.to_come.first_entry() {
            if next.key().0 > end {
                break;
            }
            let ((at, _), happening) = next.remove_entry();
            if at > self.now {
                self.n_ticks_now = 0;
            }
            self.now = at;
            self.happen(happening);
        }
        self.now = end;
    }

    /// Lets something happen between `least` and `most` ms from now.
    pub(crate) fn after(&mut self, least: u64, most: u64, happening: Happening) {
        let at = self.now + self.chance.between(least, most);
        self.at(at, happening);
    }

    /// Calls a person's engine, then does what it wants and checks what it shows.
    pub(crate) fn with(&mut self, person: usize, call: impl FnOnce(&mut Engine, Moment)) {
        let moment = self.moment();
        call(&mut self.people[person].engine, moment);
        self.settle(person, false);
    }

    pub(crate) fn moment(&mut self) -> Moment {
        Moment { now: UnixMillis(self.now), random: self.chance.bytes() }
    }

    /// A page is loaded: with what the server rendered, or without.
    pub(crate) fn begin(&mut self, person: usize) {
        let is_restored_first = self.chance.one_in(2);
        if is_restored_first {
            self.people[person].restore();
        }
        if self.chance.one_in(2) && self.server.is_up {
            for room in ROOMS {
                let (epoch, head, events) = self.server.rendered(room);
                self.people[person].engine.seed(room, epoch, head, events);
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

    /// Cuts a connection somewhere: what is under way may still arrive at the server, and the client may not notice.
    pub(crate) fn cut(&mut self, connection: ConnectionId) {
        let is_noticed = !self.chance.one_in(4);
        let still_carries_up = self.chance.one_in(2);
        let Some(wire) = self.network.wires.get_mut(&connection) else { return };
        wire.carries_down = false;
        wire.is_half_open = true;
        wire.carries_up &= still_carries_up;
        self.after(0, 5_000, Happening::ServerNoticesLoss(connection));
        if is_noticed {
            self.after(0, 300, Happening::Closed(connection));
        }
    }

    pub(crate) fn say(&mut self, said: Vec<Said>) {
        for (connection, frame) in said {
            let asking = self.network.wires.get_mut(&connection).and_then(|wire| wire.asking.as_mut());
            if let Some(asking) = asking.filter(|_| is_hint(&frame)) {
                asking.mailbox.push(frame);
                continue;
            }
            for at in self.network.down(connection, &frame, self.now, &mut self.chance) {
                self.at(at, Happening::ToClient(connection, frame.clone()));
            }
        }
    }

    pub(crate) fn at(&mut self, at: u64, happening: Happening) {
        self.n_happenings += 1;
        self.to_come.insert((at, self.n_happenings), happening);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Opened(connection) => {
                let person = self.network.wires[&connection].person;
                if self.people[person].connection != Some(connection) {
                } else if self.server.is_up {
                    // A tab that asks is not known before it has asked.
                    if self.network.wires[&connection].asking.is_none() {
                        self.server.accept(connection, self.people[person].member.clone());
                    }
                    self.with(person, |engine, moment| engine.opened(moment));
                } else {
                    self.closed(connection);
                }
            }
            Happening::Closed(connection) => self.closed(connection),
            Happening::ToServer(connection, frame) => {
                if !self.network.wires[&connection].carries_up {
                } else if self.network.wires[&connection].asking.is_some() {
                    self.request(connection, frame);
                } else if self.server.is_up {
                    let now = UnixMillis(self.now);
                    let said = self.server.receive(connection, frame, now, &mut self.chance);
                    self.say(said);
                    self.after(0, 60, Happening::Flush);
                }
            }
            Happening::ToClient(connection, frame) => self.reach_client(connection, frame),
            Happening::Asks(connection) => self.ask(connection),
            Happening::AsksFurther(connection, rooms) => self.ask_further(connection, rooms),
            Happening::WaitIsOver(connection) => self.answer(connection),
            Happening::Answered(connection, frames) => self.answered(connection, frames),
            Happening::ServerNoticesLoss(connection) => {
                self.server.forget(connection);
                if let Some(wire) = self.network.wires.get_mut(&connection) {
                    wire.carries_up = false;
                }
            }
            Happening::ServerIsUp => self.server.is_up = true,
            Happening::Flush => {
                if self.server.is_up {
                    self.server.commit_late(UnixMillis(self.now));
                    let said = self.server.flush();
                    self.say(said);
                    self.answer_all();
                }
            }
            Happening::Tick(person) => self.tick(person),
            Happening::Act(person) => self.act(person),
            Happening::Trouble => self.trouble(),
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
        let is_reset = matches!(&frame, ServerFrame::Snapshot { reason: SnapshotReason::Reset, .. });
        let moment = self.moment();
        self.people[person].engine.received(frame, moment);
        self.settle(person, is_reset);
    }

    fn tick(&mut self, person: usize) {
        if self.people[person].tick_at.is_none_or(|at| at > self.now) {
            return;
        }
        self.n_ticks_now += 1;
        assert!(self.n_ticks_now < 100, "ticks do not get anywhere");
        self.people[person].tick_at = None;
        self.with(person, |engine, moment| engine.tick(moment));
    }

    /// Does what a person's engine wants, looks where it says, and checks it. The cursor may go back when a reset was
    /// received.
    fn settle(&mut self, person: usize, is_reset: bool) {
        for action in self.people[person].engine.take_actions() {
            self.perform(person, action);
        }
        for change in self.people[person].engine.take_changes() {
            self.people[person].look(&change);
            if let Change::List(room) | Change::Message(room, _) = change {
                checks::timeline_is_true(&self.people[person], &self.server, room);
            }
        }
        // Now and then, since it takes as long as all the rest.
        if self.chance.one_in(8) {
            checks::views_are_right(&self.people[person]);
        }
        checks::cursors_only_rise(&mut self.people[person], is_reset);
        let deadline = self.people[person].engine.deadline().map(|deadline| deadline.0.max(self.now));
        let tick_at = &mut self.people[person].tick_at;
        if let Some(deadline) = deadline
            && tick_at.is_none_or(|at| deadline < at)
        {
            *tick_at = Some(deadline);
            self.at(deadline, Happening::Tick(person));
        }
    }

    fn perform(&mut self, person: usize, action: Action) {
        match action {
            Action::Open => {
                assert_eq!(self.people[person].connection, None, "one connection at a time");
                let connection = self.network.open(person, &mut self.chance);
                self.people[person].connection = Some(connection);
                match self.chance.between(0, 9) {
                    0 if self.network.is_hostile => {} // It hangs.
                    1 if self.network.is_hostile => self.after(0, 2_000, Happening::Closed(connection)),
                    _ => self.after(1, 100, Happening::Opened(connection)),
                }
            }
            Action::Close => {
                let connection = self.people[person].connection.take().expect("there is one to close");
                self.cut(connection);
            }
            Action::Send(frame) => {
                checks::post_is_the_oldest_pending(&self.people[person], &frame);
                let connection = self.people[person].connection.expect("frames go over a connection");
                for at in self.network.up(connection, &frame, self.now, &mut self.chance) {
                    self.at(at, Happening::ToServer(connection, frame.clone()));
                }
            }
        }
    }
}
