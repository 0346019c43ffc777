//! Connections made of requests, as the world moves them: a `hello` asks and is answered in one piece, with a wait or
//! without; everything else is said and answered beside it. Answers are delayed, lost and repeated as a whole.

use hubbub_protocol::{ClientFrame, ServerFrame, UnixMillis};

use super::network::Asking;
use super::server::ConnectionId;
use super::world::{Happening, World};

impl World {
    /// A request has reached the server.
    pub(crate) fn request(&mut self, connection: ConnectionId, frame: ClientFrame) {
        let person = self.network.wires[&connection].person;
        let is_known = self.server.knows(connection);
        let ClientFrame::Hello { rooms } = frame else {
            if is_known {
                let said = self.server.receive(connection, frame, UnixMillis(self.now), &mut self.chance);
                self.say(said);
                self.after(0, 60, Happening::Flush);
            } else {
                self.after(0, 60, Happening::Closed(connection));
            }
            return;
        };
        if !is_known {
            self.server.accept(connection, self.people[person].member.clone(), true);
        }
        let is_first = !is_known || !self.server.is_greeted(connection);
        let frames = if is_first {
            let hello = ClientFrame::Hello { rooms };
            let said = self.server.receive(connection, hello, UnixMillis(self.now), &mut self.chance);
            said.into_iter().map(|(_, frame)| frame).collect()
        } else {
            self.server.ask_again(connection, rooms, &mut self.chance)
        };
        let asking = self.asking(connection);
        asking.mailbox.extend(frames);
        asking.is_asked = true;
        let waits = !is_first && self.chance.one_in(2);
        if waits {
            self.after(1_000, 50_000, Happening::WaitIsOver(connection));
            self.answer_if_there_is_news(connection);
        } else {
            self.answer(connection);
        }
    }

    /// Everyone for whom there is news, and who waits for it.
    pub(crate) fn answer_all(&mut self) {
        let connections: Vec<_> = self.people.iter().filter_map(|person| person.connection).collect();
        connections.into_iter().for_each(|connection| self.answer_if_there_is_news(connection));
    }

    fn answer_if_there_is_news(&mut self, connection: ConnectionId) {
        let asking = self.network.wires.get(&connection).and_then(|wire| wire.asking.as_ref());
        let Some(asking) = asking.filter(|asking| asking.is_asked) else { return };
        if !asking.mailbox.is_empty() || self.server.has_news(connection) {
            self.answer(connection);
        }
    }

    /// The server answers what was asked, if it was not answered yet.
    pub(crate) fn answer(&mut self, connection: ConnectionId) {
        if !self.server.is_up || !std::mem::take(&mut self.asking(connection).is_asked) {
            return;
        }
        let mut frames = std::mem::take(&mut self.asking(connection).mailbox);
        frames.extend(self.server.take_news(connection));
        let arrivals = self.network.answer(connection, self.now, &mut self.chance);
        if arrivals.is_empty() {
            // The client learns that it was cut, or gives it up and asks again.
            if self.chance.one_in(2) {
                self.after(0, 12_000, Happening::Closed(connection));
            } else {
                self.ask_within(12_000, connection);
            }
        }
        for at in arrivals {
            self.at(at, Happening::Answered(connection, frames.clone()));
        }
    }

    /// An answer has reached the client, which asks again before long.
    pub(crate) fn answered(&mut self, connection: ConnectionId, frames: Vec<ServerFrame>) {
        let is_nothing = frames.is_empty();
        for frame in frames.into_iter().chain(is_nothing.then_some(ServerFrame::Pong)) {
            self.reach_client(connection, frame);
        }
        self.ask_within(5_000, connection);
    }

    /// The client asks from where it is.
    pub(crate) fn ask(&mut self, connection: ConnectionId) {
        self.asking(connection).is_about_to_ask = false;
        let wire = &self.network.wires[&connection];
        let person = wire.person;
        if !wire.carries_down || self.people[person].connection != Some(connection) {
            return;
        }
        let hello = self.people[person].engine.hello();
        let arrivals = self.network.up(connection, &hello, self.now, &mut self.chance);
        if arrivals.is_empty() {
            self.ask_within(12_000, connection);
        }
        for at in arrivals {
            self.at(at, Happening::ToServer(connection, hello.clone()));
        }
    }

    /// However often it was answered, the client asks once.
    fn ask_within(&mut self, most_ms: u64, connection: ConnectionId) {
        if !std::mem::replace(&mut self.asking(connection).is_about_to_ask, true) {
            self.after(0, most_ms, Happening::Asks(connection));
        }
    }

    fn asking(&mut self, connection: ConnectionId) -> &mut Asking {
        let wire = self.network.wires.get_mut(&connection).expect("it was opened");
        wire.asking.as_mut().expect("it is made of requests")
    }
}

/// What a request that asks is answered with; the rest answers what was said.
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
