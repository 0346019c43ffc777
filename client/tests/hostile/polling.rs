//! Simulates polling connections. Each poll carries a `hello`, and its response has all frames that are ready. Each other frame
//! of the client is a request of its own. The network delays, loses and repeats responses as a whole.

use hubbub_protocol::{ClientFrame, Interest, ServerFrame, UnixMillis};

use super::network::PollState;
use super::server::ConnectionId;
use super::simulation::{SimEvent, Simulation};

impl Simulation {
    /// Handles the arrival of a first poll, or of a request with another frame, at the server.
    pub(crate) fn request(&mut self, connection: ConnectionId, frame: ClientFrame) {
        if !self.server.is_up {
            return self.fail(connection);
        }
        let is_first_poll = matches!(frame, ClientFrame::Hello { .. });
        if is_first_poll {
            let person = self.network.wires[&connection].person;
            self.server.open_tab(connection, self.people[person].member.clone());
        } else if !self.server.knows(connection) {
            return self.fail(connection);
        }
        let frames = self.server.receive(connection, frame, UnixMillis(self.now), &mut self.chance);
        if is_first_poll {
            let frames = frames.into_iter().map(|(_, frame)| frame);
            let polling = self.poll_state(connection);
            polling.queued_frames.extend(frames);
            polling.has_request = true;
            self.respond(connection);
        } else {
            self.deliver(frames);
            self.after(0, 60, SimEvent::Flush);
        }
    }

    /// Handles the arrival of a further poll at the server. A further poll of an unknown tab fails.
    pub(crate) fn further_poll(&mut self, connection: ConnectionId, rooms: Vec<Interest>) {
        if !self.network.wires[&connection].carries_up {
            return;
        }
        if !self.server.is_up || !self.server.knows(connection) {
            return self.fail(connection);
        }
        let frames = self.server.further_poll(connection, rooms, &mut self.chance);
        let polling = self.poll_state(connection);
        polling.queued_frames.extend(frames);
        polling.has_request = true;
        if self.chance.one_in(2) {
            self.after(1_000, 50_000, SimEvent::PollTimesOut(connection));
            self.respond_if_frames_are_ready(connection);
        } else {
            self.respond(connection);
        }
    }

    /// Lets a request fail, so that the client closes the connection.
    fn fail(&mut self, connection: ConnectionId) {
        self.after(0, 60, SimEvent::Closed(connection));
    }

    /// Interrupts the waiting poll of a connection because the server stops. Without a waiting poll, the client notices the stop
    /// at its next poll.
    pub(crate) fn interrupt_poll(&mut self, connection: ConnectionId) {
        let polling = self.poll_state(connection);
        polling.queued_frames.clear();
        if std::mem::take(&mut polling.has_request) {
            self.fail(connection);
        }
    }

    /// Lets the server forget a tab that has no poll in progress.
    pub(crate) fn forget_idle_tab(&mut self) {
        let connections = self.people.iter().filter_map(|person| person.connection);
        let mut tabs =
            connections.filter_map(|connection| Some((connection, self.network.wires[&connection].polling.as_ref()?)));
        let idle = tabs.find(|(_, polling)| !polling.has_request).map(|(connection, _)| connection);
        if let Some(connection) = idle {
            self.server.forget(connection);
        }
    }

    /// Responds to every waiting poll for which frames are ready.
    pub(crate) fn respond_to_waiting_polls(&mut self) {
        let connections: Vec<_> = self.people.iter().filter_map(|person| person.connection).collect();
        connections.into_iter().for_each(|connection| self.respond_if_frames_are_ready(connection));
    }

    fn respond_if_frames_are_ready(&mut self, connection: ConnectionId) {
        let polling = self.network.wires.get(&connection).and_then(|wire| wire.polling.as_ref());
        let Some(polling) = polling.filter(|polling| polling.has_request) else { return };
        if !polling.queued_frames.is_empty() || self.server.has_frames(connection) {
            self.respond(connection);
        }
    }

    /// Sends the response to the waiting poll, if there is one.
    pub(crate) fn respond(&mut self, connection: ConnectionId) {
        if !self.server.is_up || !std::mem::take(&mut self.poll_state(connection).has_request) {
            return;
        }
        let mut frames = std::mem::take(&mut self.poll_state(connection).queued_frames);
        frames.extend(self.server.take_frames(connection, &mut self.chance));
        let arrivals = self.network.respond(connection, self.now, &mut self.chance);
        if arrivals.is_empty() {
            // The request fails at the client, which then closes the connection.
            self.after(0, 12_000, SimEvent::Closed(connection));
        }
        for at in arrivals {
            self.at(at, SimEvent::PollResponseArrives(connection, frames.clone()));
        }
    }

    /// Handles the arrival of a response at the client, which then polls again within 5 s.
    pub(crate) fn response_received(&mut self, connection: ConnectionId, frames: Vec<ServerFrame>) {
        let is_nothing = frames.is_empty();
        for frame in frames.into_iter().chain(is_nothing.then_some(ServerFrame::Pong)) {
            self.reach_client(connection, frame);
        }
        self.poll_within(5_000, connection);
    }

    /// Sends a poll with the client's current cursors.
    pub(crate) fn poll(&mut self, connection: ConnectionId) {
        self.poll_state(connection).will_poll = false;
        let wire = &self.network.wires[&connection];
        let person = wire.person;
        if !wire.carries_down || self.people[person].connection != Some(connection) {
            return;
        }
        let hello = self.people[person].engine.hello();
        let arrivals = self.network.up(connection, &hello, self.now, &mut self.chance);
        if arrivals.is_empty() {
            self.after(0, 12_000, SimEvent::Closed(connection));
        }
        let ClientFrame::Hello { rooms } = hello else { panic!("a poll has a hello") };
        for at in arrivals {
            self.at(at, SimEvent::FurtherPollArrives(connection, rooms.clone()));
        }
    }

    /// Schedules the next poll, unless one is scheduled already.
    fn poll_within(&mut self, most_ms: u64, connection: ConnectionId) {
        if !std::mem::replace(&mut self.poll_state(connection).will_poll, true) {
            self.after(0, most_ms, SimEvent::Polls(connection));
        }
    }

    fn poll_state(&mut self, connection: ConnectionId) -> &mut PollState {
        let wire = self.network.wires.get_mut(&connection).expect("the connection was opened");
        wire.polling.as_mut().expect("the connection polls")
    }
}

/// Whether a frame belongs into the response of a poll. Other frames respond to a request with a frame.
pub(crate) fn is_hint(frame: &ServerFrame) -> bool {
    matches!(
        frame,
        ServerFrame::Present { .. }
            | ServerFrame::Typing { .. }
            | ServerFrame::RoomAdded { .. }
            | ServerFrame::Bye { .. }
            | ServerFrame::Unknown
    )
}
