//! Kira's engine with a clock, and methods that pass frames and time to it. Used by `engine.rs`.

use std::ops::RangeInclusive;

use hubbub_client::{Action, Engine, Entry, MessageState, Moment, Timeline};
use hubbub_protocol::text::Body;
use hubbub_protocol::{
    ClientFrame, Epoch, Event, Member, MemberId, MessageId, Refusal, RoomId, Seq, ServerFrame, SnapshotReason,
    UnixMillis, What,
};

pub(crate) const LOBBY: RoomId = RoomId(1);

/// Kira's engine, the time of her clock, and the actions that the test has not taken yet.
pub(crate) struct TestEngine {
    pub(crate) engine: Engine,
    pub(crate) now: UnixMillis,
    n_calls: u8,
    actions: Vec<Action>,
}

impl TestEngine {
    pub(crate) fn begin() -> Self {
        Self { engine: Engine::new(kira()), now: UnixMillis(1_000_000), n_calls: 0, actions: Vec::new() }
    }

    /// Returns an engine that is connected and follows no room.
    pub(crate) fn connected() -> Self {
        let mut test = Self::begin();
        test.call(|engine, moment| engine.start(moment));
        test.call(|engine, moment| engine.opened(moment));
        test.receives(ServerFrame::Welcome { you: kira(), rooms: Vec::new() });
        test.actions();
        test
    }

    /// Returns an engine that follows the lobby, whose log has one event.
    pub(crate) fn in_lobby() -> Self {
        let mut test = Self::connected();
        test.call(|engine, _| engine.follow(LOBBY));
        test.receives_snapshot(SnapshotReason::First, 1, 1..=1);
        test.actions();
        test
    }

    pub(crate) fn call(&mut self, call: impl FnOnce(&mut Engine, Moment)) {
        self.n_calls += 1;
        call(&mut self.engine, Moment { now: self.now, random: [self.n_calls; 16] });
        self.actions.extend(self.engine.take_actions());
    }

    pub(crate) fn receives(&mut self, frame: ServerFrame) {
        self.call(|engine, moment| engine.received(frame, moment));
    }

    pub(crate) fn receives_snapshot(&mut self, reason: SnapshotReason, epoch: u64, seqs: RangeInclusive<u64>) {
        let head = Seq(*seqs.end());
        self.receives(ServerFrame::Snapshot { room: LOBBY, reason, epoch: Epoch(epoch), head, events: events(seqs) });
    }

    pub(crate) fn receives_ack(&mut self, id: MessageId, seq: u64) {
        self.receives(ServerFrame::Ack { room: LOBBY, id, seq: Seq(seq), at: UnixMillis(seq) });
    }

    pub(crate) fn receives_refusal(&mut self, id: MessageId, refusal: Refusal) {
        self.receives(ServerFrame::Refused { room: LOBBY, id, refusal });
    }

    pub(crate) fn sends(&mut self, text: &str) -> MessageId {
        let mut id = None;
        self.call(|engine, moment| id = Some(engine.send(LOBBY, Body::parse(text).expect("valid"), moment)));
        id.expect("send gives an id")
    }

    /// Moves the clock forward, and calls `tick` at each deadline of the engine.
    pub(crate) fn waits(&mut self, ms: u64) {
        let end = self.later(ms);
        while let Some(deadline) = self.engine.deadline().filter(|deadline| *deadline <= end) {
            self.now = self.now.max(deadline);
            self.call(|engine, moment| engine.tick(moment));
        }
        self.now = end;
    }

    pub(crate) fn reconnects(&mut self) {
        self.waits(1_000);
        self.call(|engine, moment| engine.opened(moment));
        self.receives(ServerFrame::Welcome { you: kira(), rooms: Vec::new() });
    }

    pub(crate) fn later(&self, ms: u64) -> UnixMillis {
        UnixMillis(self.now.0 + ms)
    }

    /// Takes the engine's actions since the last call.
    pub(crate) fn actions(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }

    /// Takes the actions, and returns the frames to send.
    pub(crate) fn frames(&mut self) -> Vec<ClientFrame> {
        let actions = self.actions().into_iter();
        actions.filter_map(|action| if let Action::Send(frame) = action { Some(frame) } else { None }).collect()
    }

    /// Takes the actions, and returns the ids of the messages to post.
    pub(crate) fn posts(&mut self) -> Vec<MessageId> {
        let frames = self.frames().into_iter();
        frames.filter_map(|frame| if let ClientFrame::Post { id, .. } = frame { Some(id) } else { None }).collect()
    }

    pub(crate) fn timeline(&self) -> &Timeline {
        self.engine.timeline(LOBBY).expect("the lobby is known")
    }

    pub(crate) fn state(&self, id: MessageId) -> Option<MessageState> {
        self.timeline().entry(id).map(|view| view.state)
    }

    pub(crate) fn bodies(&self) -> Vec<String> {
        let bodies = self.timeline().entries().map(|entry| match entry {
            Entry::Message(view) => view.body.to_owned(),
            Entry::Gap => "(gap)".to_owned(),
        });
        bodies.collect()
    }
}

pub(crate) fn kira() -> Member {
    Member { id: MemberId(1), name: "Kira".to_owned() }
}

pub(crate) fn david() -> Member {
    Member { id: MemberId(2), name: "David".to_owned() }
}

pub(crate) fn event(seq: u64, by: Member, id: MessageId, body: &str) -> Event {
    Event { seq: Seq(seq), at: UnixMillis(seq), by, what: What::Posted { id, body: body.to_owned() } }
}

/// Returns events of messages by David.
pub(crate) fn events(seqs: RangeInclusive<u64>) -> Vec<Event> {
    let events = seqs.map(|seq| {
        let id = MessageId::mint(UnixMillis(seq), [99; 10]);
        event(seq, david(), id, &format!("event {seq}"))
    });
    events.collect()
}
