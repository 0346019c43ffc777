//! The random actions of people, the random faults, and the end of all faults.

use hubbub_client::{Entry, Gap, GapEnd, MessageState, NetworkState};
use hubbub_protocol::text::Body;
use hubbub_protocol::{ClientFrame, MemberId, MessageId, OpId, RoomId, ServerFrame, UnixMillis};

use super::person::Sent;
use super::simulation::{NO_ROOM, ROOMS, SimEvent, Simulation};

/// The emoji that people react with.
const EMOJI: [&str; 3] = ["👍", "🎉", "❤️"];

impl Simulation {
    /// Does one random action of a person, and schedules the next.
    pub(crate) fn act(&mut self, person: usize) {
        if !self.is_busy {
            return;
        }
        let room = ROOMS[self.chance.between(0, 1) as usize];
        match self.chance.between(0, 69) {
            0..14 => self.send(person, room),
            14..38 => self.operate(person, room),
            38..46 => self.look_around(person, room),
            46..49 => self.with(person, |engine, _| engine.load_older(room)),
            49..53 => self.fill_gap(person, room),
            53 | 54 => self.with(person, |engine, moment| engine.typing(room, moment.now)),
            55 => self.with(person, |engine, _| engine.unfollow(room)),
            56 | 57 => self.with(person, |engine, _| engine.follow(room)),
            58 => self.with(person, |engine, moment| engine.reconnect_now(moment)),
            59 => self.with(person, |engine, moment| engine.set_network(NetworkState::Offline, moment)),
            60 | 61 => self.with(person, |engine, moment| engine.set_network(NetworkState::Online, moment)),
            62 => self.reload(person),
            63 => self.change_transport(person),
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
            6 => self.server.commit_unknown(ROOMS[0], UnixMillis(self.now), &mut self.chance),
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
        // A client that has lost the last change notices it by this further change.
        ROOMS.into_iter().for_each(|room| self.server.commit_unknown(room, UnixMillis(self.now), &mut self.chance));
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
        let reply_to = if self.chance.one_in(3) { self.any_message(person, room, |_| true) } else { None };
        let moment = self.moment();
        let id = self.people[person].engine.send(room, body, reply_to, moment);
        let sent = Sent { room, id, body: text, number: self.n_sent, was_refused: false, is_discarded: false };
        self.people[person].sent.push(sent);
        self.with(person, |_, _| {});
    }

    /// Does something with a random message that the person sees: sometimes an operation that the server refuses.
    fn operate(&mut self, person: usize, room: RoomId) {
        let you = self.people[person].member.id;
        let is_own = !self.chance.one_in(8);
        let own = self.any_message(person, room, |by| (by == you) == is_own);
        let any = self.any_message(person, room, |_| true);
        let emoji = EMOJI[self.chance.between(0, 2) as usize];
        let on = !self.chance.one_in(3);
        self.n_sent += 1;
        let text = format!("text {}", self.n_sent);
        self.people[person].changed.extend(own.into_iter().chain(any));
        match (self.chance.between(0, 20), own, any) {
            (0..6, Some(message), _) => {
                let body = Body::parse(&text).expect("valid");
                self.with(person, |engine, moment| engine.edit(room, message, body, moment));
            }
            (6, Some(message), _) => {
                // If the message was not sent yet, it never will be.
                let sent = self.people[person].sent.iter_mut().find(|sent| sent.id == message);
                sent.into_iter().for_each(|sent| sent.is_discarded = true);
                self.with(person, |engine, moment| engine.delete(room, message, moment));
            }
            (7..15, _, Some(message)) => {
                self.with(person, |engine, moment| engine.react(room, message, emoji, on, moment));
            }
            (15..19, _, Some(message)) => {
                self.with(person, |engine, moment| engine.pin(room, message, on, moment));
            }
            (19, _, _) => self.with(person, |engine, moment| engine.describe(room, &text, "Topic", moment)),
            _ => {}
        }
    }

    /// Jumps, opens and closes threads, and asks about messages.
    fn look_around(&mut self, person: usize, room: RoomId) {
        let n = self.server.stream(room).rows.len() as u64;
        if n == 0 {
            return;
        }
        let message = self.server.stream(room).rows[self.chance.between(0, n - 1) as usize].id();
        match self.chance.between(0, 7) {
            0..3 => self.with(person, |engine, _| engine.jump_to(room, message)),
            3 | 4 => self.with(person, |engine, _| engine.open_thread(room, message)),
            5 => self.with(person, |engine, _| engine.load_more_replies(room)),
            6 => self.with(person, |engine, _| engine.close_thread(room)),
            _ => self.with(person, |engine, _| {
                engine.ask_reactions(room, message);
                engine.ask_revisions(room, message);
            }),
        }
    }

    /// Fills a random gap from a random end.
    fn fill_gap(&mut self, person: usize, room: RoomId) {
        let gaps = self.gaps(person, room);
        if !gaps.is_empty() {
            let gap = gaps[self.chance.between(0, gaps.len() as u64 - 1) as usize];
            let end = if self.chance.one_in(2) { GapEnd::Lower } else { GapEnd::Upper };
            self.with(person, |engine, _| engine.fill_gap(room, gap, end));
        }
    }

    pub(crate) fn gaps(&self, person: usize, room: RoomId) -> Vec<Gap> {
        let entries = self.people[person].timeline(room).entries();
        entries.filter_map(|entry| if let Entry::Gap(gap) = entry { Some(gap) } else { None }).collect()
    }

    /// Returns a random message that a person sees and whose author is as `is_by` says.
    fn any_message(&mut self, person: usize, room: RoomId, is_by: impl Fn(MemberId) -> bool) -> Option<MessageId> {
        let shown = self.people[person].timeline(room).entries().filter_map(|entry| match entry {
            Entry::Message(view) if is_by(view.by.id) => Some(view.id),
            Entry::Message(_) | Entry::Gap(_) => None,
        });
        let shown: Vec<MessageId> = shown.collect();
        let place = self.chance.between(0, (shown.len() as u64).saturating_sub(1)) as usize;
        shown.get(place).copied()
    }

    /// Retries or discards one refused operation.
    fn retry_or_discard(&mut self, person: usize, room: RoomId) {
        let timeline = self.people[person].timeline(room);
        let refused =
            timeline.entries().find_map(refused).or_else(|| timeline.problems().next().map(|problem| problem.op));
        let Some(op) = refused else { return };
        let is_retried = self.chance.one_in(2);
        let sent = self.people[person].sent.iter_mut().find(|sent| OpId::from(sent.id) == op);
        sent.into_iter().for_each(|sent| sent.is_discarded = !is_retried);
        self.with(person, |engine, _| if is_retried { engine.retry(room, op) } else { engine.discard(room, op) });
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

    /// Stops the server, with or without `bye`, and starts it again with its streams or with a restored backup.
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

fn refused(entry: Entry<'_>) -> Option<OpId> {
    match entry {
        Entry::Message(view) if matches!(view.state, MessageState::Refused(_)) => Some(view.id.into()),
        Entry::Message(_) | Entry::Gap(_) => None,
    }
}
