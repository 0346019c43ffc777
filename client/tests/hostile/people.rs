//! What people do, and what goes wrong around them: the storm, and the calm after it.

use hubbub_client::{Entry, MessageState, NetworkState};
use hubbub_protocol::text::Body;
use hubbub_protocol::{ClientFrame, MessageId, RoomId, ServerFrame, UnixMillis};

use super::person::Sent;
use super::world::{Happening, NO_ROOM, ROOMS, World};

impl World {
    /// Someone does something, and will do something else before long.
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
            38 => self.change_way(person),
            _ => self.answer_refusals(person, room),
        }
        self.after(20, 2_500, Happening::Act(person));
    }

    /// Something goes wrong, and something else will before long.
    pub(crate) fn trouble(&mut self) {
        if !self.is_busy {
            return;
        }
        match self.chance.between(0, 9) {
            0..5 => self.cut_one(),
            5 => self.forget_a_tab(),
            6 => self.server.commit_unknown(ROOMS[0], UnixMillis(self.now)),
            7 => self.say_odd_things(),
            _ => self.restart_server(),
        }
        self.after(500, 9_000, Happening::Trouble);
    }

    /// All that went wrong is over: everyone is back, and what no one could notice is cut off.
    pub(crate) fn calm_down(&mut self) {
        self.is_busy = false;
        self.network.is_hostile = false;
        self.server.is_moody = false;
        self.server.is_up = true;
        // A last event in each room, by which those who have lost the one before it notice.
        ROOMS.into_iter().for_each(|room| self.server.commit_unknown(room, UnixMillis(self.now)));
        self.after(0, 100, Happening::Flush);
        for person in 0..self.people.len() {
            self.with(person, |engine, moment| {
                ROOMS.into_iter().for_each(|room| engine.follow(room));
                engine.set_network(NetworkState::Online, moment);
            });
        }
        let lossy = self.network.wires.iter().filter(|(_, wire)| wire.has_lost).map(|(connection, _)| *connection);
        for connection in lossy.collect::<Vec<_>>() {
            self.after(0, 100, Happening::ServerNoticesLoss(connection));
            self.after(0, 100, Happening::Closed(connection));
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

    /// Tries one refused message again, or gives it up.
    fn answer_refusals(&mut self, person: usize, room: RoomId) {
        let timeline = self.people[person].engine.timeline(room).expect("everyone follows the rooms");
        let Some(id) = timeline.entries().find_map(refused) else { return };
        let is_retried = self.chance.one_in(2);
        let sent = self.people[person].sent.iter_mut().find(|sent| sent.id == id);
        sent.expect("only what was sent is refused").is_discarded = !is_retried;
        self.with(person, |engine, _| if is_retried { engine.retry(room, id) } else { engine.discard(room, id) });
    }

    fn reload(&mut self, person: usize) {
        if let Some(connection) = self.people[person].connection {
            self.cut(connection);
        }
        self.people[person].reload();
        self.begin(person);
    }

    /// From one kind of connection to another, in mid-conversation, or to the same.
    fn change_way(&mut self, person: usize) {
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

    /// Frames that say nothing, or nothing that is true for long.
    fn say_odd_things(&mut self) {
        let connections: Vec<_> = self.people.iter().filter_map(|person| person.connection).collect();
        for connection in connections {
            let present = ServerFrame::Present { room: NO_ROOM, count: 7, members: Vec::new() };
            self.say(vec![(connection, ServerFrame::Unknown), (connection, present)]);
            self.after(0, 900, Happening::ToServer(connection, ClientFrame::Unknown));
        }
    }

    /// The server goes down, told or not, and comes back with its log or with a backup of it.
    fn restart_server(&mut self) {
        let connections: Vec<_> = self.people.iter().filter_map(|person| person.connection).collect();
        for connection in connections {
            if self.network.wires[&connection].asking.is_some() && self.chance.one_in(2) {
                self.break_off(connection);
                continue;
            }
            if self.chance.one_in(2) {
                let reconnect_after_ms = self.chance.between(0, 3_000);
                self.say(vec![(connection, ServerFrame::Bye { reconnect_after_ms, refusal: None })]);
            }
            self.cut(connection);
        }
        self.server.crash();
        if self.chance.one_in(4) {
            self.lost.extend(self.server.restore_backup(&mut self.chance));
        }
        self.after(0, 8_000, Happening::ServerIsUp);
    }
}

fn refused(entry: Entry<'_>) -> Option<MessageId> {
    match entry {
        Entry::Message(view) if matches!(view.state, MessageState::Refused(_)) => Some(view.id),
        Entry::Message(_) | Entry::Gap => None,
    }
}
