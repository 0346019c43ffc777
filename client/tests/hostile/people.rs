//! The random actions of people, the random faults, and the end of all faults.

use hubbub_client::{Entry, MessageState, NetworkState};
use hubbub_protocol::text::Body;
use hubbub_protocol::{ClientFrame, MessageId, RoomId, ServerFrame, UnixMillis};

use super::person::Sent;
use super::simulation::{NO_ROOM, ROOMS, SimEvent, Simulation};

impl Simulation {
    /// Does one random action of a person, and schedules the next.
    pub(crate) fn act(&mut self, person: usize) {
        if !self.is_busy {
            return;
        }
        let room = ROOMS[self.chance.between(0, 1) as usize];
        match self.chance.between(0, 40) {
            0..22 => self.send(person, room),
            22..25 => self.with(person, |engine, _| engine.load_older(room)),
            25..28 => self.with(person, |engine, _| engine.fill_gap(room)),
            28 | 29 => self.with(person, |engine, moment| engine.typing(room, moment.now)),
            30 => self.with(person, |engine, _| engine.unfollow(room)),
            31 | 32 => self.with(person, |engine, _| engine.follow(room)),
            33 => self.with(person, |engine, moment| engine.reconnect_now(moment)),
            34 => self.with(person, |engine, moment| engine.set_network(NetworkState::Offline, moment)),
            35 | 36 => self.with(person, |engine, moment| engine.set_network(NetworkState::Online, moment)),
            37 => self.reload(person),
            38 => self.change_transport(person),
            _ => self.retry_or_discard(person, room),
        }
        self.after(20, 2_500, SimEvent::Act(person));
    }

    /// Injects one random fault, and schedules the next.
    pub(crate) fn inject_fault(&mut self) {
        if !self.is_busy {
            return;
        }
        match self.chance.between(0, 9) {
            0..5 => self.cut_one(),
            5 => self.forget_idle_tab(),
            6 => self.server.commit_unknown(ROOMS[0], UnixMillis(self.now)),
            7 => self.send_unknown_frames(),
            _ => self.restart_server(),
        }
        self.after(500, 9_000, SimEvent::Fault);
    }

    /// Ends all faults: starts the server, reconnects everyone, and cuts connections that can't recover by themselves.
    pub(crate) fn end_faults(&mut self) {
        self.is_busy = false;
        self.network.is_hostile = false;
        self.server.is_faulty = false;
        self.server.is_up = true;
        // A client that has lost the last event notices it by this further event.
        ROOMS.into_iter().for_each(|room| self.server.commit_unknown(room, UnixMillis(self.now)));
        self.after(0, 100, SimEvent::Flush);
        for person in 0..self.people.len() {
            self.with(person, |engine, moment| {
                ROOMS.into_iter().for_each(|room| engine.follow(room));
                engine.set_network(NetworkState::Online, moment);
            });
        }
        let lossy =
            self.network.wires.iter().filter(|(_, wire)| wire.needs_new_connection).map(|(connection, _)| *connection);
        for connection in lossy.collect::<Vec<_>>() {
            self.after(0, 100, SimEvent::ServerNoticesLoss(connection));
            self.after(0, 100, SimEvent::Closed(connection));
        }
    }

    fn send(&mut self, person: usize, room: RoomId) {
        self.n_sent += 1;
        let text = format!("message {}", self.n_sent);
        let body = Body::parse(&text).expect("valid");
        let moment = self.moment();
        let id = self.people[person].engine.send(room, body, moment);
        let sent = Sent { room, id, body: text, number: self.n_sent, was_refused: false, is_discarded: false };
        self.people[person].sent.push(sent);
        self.with(person, |_, _| {});
    }

    /// Retries or discards one refused message.
    fn retry_or_discard(&mut self, person: usize, room: RoomId) {
        let timeline = self.people[person].engine.timeline(room).expect("everyone follows the rooms");
        let Some(id) = timeline.entries().find_map(refused) else { return };
        let is_retried = self.chance.one_in(2);
        let sent = self.people[person].sent.iter_mut().find(|sent| sent.id == id);
        sent.expect("only sent messages are refused").is_discarded = !is_retried;
        self.with(person, |engine, _| if is_retried { engine.retry(room, id) } else { engine.discard(room, id) });
    }

    fn reload(&mut self, person: usize) {
        if let Some(connection) = self.people[person].connection {
            self.cut(connection);
        }
        self.people[person].reload();
        self.begin(person);
    }

    /// Closes the connection and opens another, perhaps over another transport.
    fn change_transport(&mut self, person: usize) {
        if let Some(connection) = self.people[person].connection.take() {
            self.cut(connection);
        }
        self.with(person, |engine, moment| {
            engine.closed(moment);
            engine.reconnect_now(moment);
        });
    }

    fn cut_one(&mut self) {
        let person = self.chance.between(0, self.people.len() as u64 - 1) as usize;
        if let Some(connection) = self.people[person].connection {
            self.cut(connection);
        }
    }

    /// Sends unknown frames in both directions, and a presence for an unknown room.
    fn send_unknown_frames(&mut self) {
        let connections: Vec<_> = self.people.iter().filter_map(|person| person.connection).collect();
        for connection in connections {
            let present = ServerFrame::Present { room: NO_ROOM, count: 7, members: Vec::new() };
            self.deliver(vec![(connection, ServerFrame::Unknown), (connection, present)]);
            self.after(0, 900, SimEvent::ToServer(connection, ClientFrame::Unknown));
        }
    }

    /// Stops the server, with or without `bye`, and starts it again with its log or with a restored backup.
    fn restart_server(&mut self) {
        let connections: Vec<_> = self.people.iter().filter_map(|person| person.connection).collect();
        for connection in connections {
            if self.network.wires[&connection].polling.is_some() && self.chance.one_in(2) {
                self.interrupt_poll(connection);
                continue;
            }
            if self.chance.one_in(2) {
                let reconnect_after_ms = self.chance.between(0, 3_000);
                self.deliver(vec![(connection, ServerFrame::Bye { reconnect_after_ms, refusal: None })]);
            }
            self.cut(connection);
        }
        self.server.crash();
        if self.chance.one_in(4) {
            self.lost.extend(self.server.restore_backup(&mut self.chance));
        }
        self.after(0, 8_000, SimEvent::ServerIsUp);
    }
}

fn refused(entry: Entry<'_>) -> Option<MessageId> {
    match entry {
        Entry::Message(view) if matches!(view.state, MessageState::Refused(_)) => Some(view.id),
        Entry::Message(_) | Entry::Gap => None,
    }
}
