//! Connections made of requests, as the world moves them: a `hello` asks and is answered in one piece, with a wait or
//! without; everything else is said and answered beside it. Answers are delayed, lost and repeated as a whole.

use hubbub_protocol::{ClientFrame, Interest, ServerFrame, UnixMillis};

use super::network::Asking;
use super::server::ConnectionId;
use super::world::{Happening, World};

impl World {
    /// A request has come to the server: the first that asks, or one that says something.
    pub(crate) fn request(&mut self, connection: ConnectionId, frame: ClientFrame) {
        if !self.server.is_up {
            return self.fails(connection);
        }
        let is_first_ask = matches!(frame, ClientFrame::Hello { .. });
        if is_first_ask {
            let person = self.network.wires[&connection].person;
            self.server.open_tab(connection, self.people[person].member.clone());
        } else if !self.server.knows(connection) {
            return self.fails(connection);
        }
        let said = self.server.receive(connection, frame, UnixMillis(self.now), &mut self.chance);
        if is_first_ask {
            let frames = said.into_iter().map(|(_, frame)| frame);
            let asking = self.asking(connection);
            asking.mailbox.extend(frames);
            asking.is_asked = true;
            self.answer(connection);
        } else {
            self.say(said);
            self.after(0, 60, Happening::Flush);
        }
    }

    /// A further request that asks has come to the server. A tab that is not known is not opened by it.
    pub(crate) fn ask_further(&mut self, connection: ConnectionId, rooms: Vec<Interest>) {
        if !self.network.wires[&connection].carries_up {
            return;
        }
        if !self.server.is_up || !self.server.knows(connection) {
            return self.fails(connection);
        }
        let frames = self.server.ask_again(connection, rooms, &mut self.chance);
        let asking = self.asking(connection);
        asking.mailbox.extend(frames);
        asking.is_asked = true;
        if self.chance.one_in(2) {
            self.after(1_000, 50_000, Happening::WaitIsOver(connection));
            self.answer_if_there_is_news(connection);
        } else {
            self.answer(connection);
        }
    }

    /// The client of a request that was refused, or that nobody took, gives the connection up.
    fn fails(&mut self, connection: ConnectionId) {
        self.after(0, 60, Happening::Closed(connection));
    }

    /// The server goes down. Whoever waits for an answer learns it; who asks next, after it is back, only then.
    pub(crate) fn break_off(&mut self, connection: ConnectionId) {
        let asking = self.asking(connection);
        asking.mailbox.clear();
        if std::mem::take(&mut asking.is_asked) {
            self.fails(connection);
        }
    }

    /// The server forgets a tab that does not ask at the moment.
    pub(crate) fn forget_a_tab(&mut self) {
        let connections = self.people.iter().filter_map(|person| person.connection);
        let mut asking =
            connections.filter_map(|connection| Some((connection, self.network.wires[&connection].asking.as_ref()?)));
        let idle = asking.find(|(_, asking)| !asking.is_asked).map(|(connection, _)| connection);
        if let Some(connection) = idle {
            self.server.forget(connection);
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
            // The client learns that it was cut, and gives the connection up with it.
            self.after(0, 12_000, Happening::Closed(connection));
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
            self.after(0, 12_000, Happening::Closed(connection));
        }
        let ClientFrame::Hello { rooms } = hello else { panic!("an ask is a hello") };
        for at in arrivals {
            self.at(at, Happening::AsksFurther(connection, rooms.clone()));
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
