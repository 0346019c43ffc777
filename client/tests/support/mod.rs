//! Kira's engine with a clock, and methods that pass frames and time to it. Used by `engine.rs`.

use std::ops::RangeInclusive;

use hubbub_client::{Action, Engine, Entry, MessageState, MessageView, Moment, Timeline, Update};
use hubbub_protocol::text::Body;
use hubbub_protocol::{
    Answer, Change, ClientFrame, Epoch, Member, MemberId, Message, MessageId, MessageKind, OpId, Operation, Page,
    PageReason, Query, Refusal, ReplyTo, RoomId, RoomState, Seq, ServerFrame, StreamId, UnixMillis, What,
};

pub(crate) const LOBBY: RoomId = RoomId(1);

/// Kira's engine, the time of her clock, and the actions that the test has not taken yet.
pub(crate) struct TestEngine {
    pub(crate) engine: Engine,
    pub(crate) now: UnixMillis,
    n_calls: u16,
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

    /// Returns an engine that follows the lobby, which has one message.
    pub(crate) fn in_lobby() -> Self {
        Self::in_lobby_with(page(1..=1))
    }

    /// Returns an engine that follows the lobby from its newest page.
    pub(crate) fn in_lobby_with(page: Page) -> Self {
        let mut test = Self::connected();
        test.call(|engine, _| engine.follow(LOBBY));
        test.receives_page(PageReason::First, 1, page);
        test.actions();
        test.engine.take_updates();
        test
    }

    pub(crate) fn call(&mut self, call: impl FnOnce(&mut Engine, Moment)) {
        self.n_calls += 1;
        let [high, low] = self.n_calls.to_be_bytes();
        let mut random = [low; 16];
        random[0] = high;
        call(&mut self.engine, Moment { now: self.now, random });
        self.actions.extend(self.engine.take_actions());
    }

    pub(crate) fn receives(&mut self, frame: ServerFrame) {
        self.call(|engine, moment| engine.received(frame, moment));
    }

    pub(crate) fn receives_page(&mut self, reason: PageReason, epoch: u64, page: Page) {
        self.receives(ServerFrame::Page { room: LOBBY, reason, epoch: Epoch(epoch), state: state(0), page });
    }

    pub(crate) fn receives_changes(&mut self, changes: Vec<Change>) {
        self.receives(ServerFrame::Changes { room: LOBBY, changes });
    }

    pub(crate) fn receives_answer(&mut self, query: Query, page: Page) {
        self.receives(ServerFrame::Answer { room: LOBBY, query, answer: Answer::Page(page) });
    }

    /// Receives that no row has changed up to a seq.
    pub(crate) fn resumes(&mut self, to: u64) {
        self.resumes_with_rows(0, to, 0);
    }

    /// Receives that the rows between two seqs are so many.
    pub(crate) fn resumes_with_rows(&mut self, after: u64, to: u64, n_rows: u32) {
        let (after, to) = (Seq(after), Seq(to));
        self.receives(ServerFrame::Resumed { room: LOBBY, after, to, n_rows, state: None });
    }

    pub(crate) fn receives_ack(&mut self, op: impl Into<OpId>, seq: u64) {
        let on = StreamId::Room(LOBBY);
        self.receives(ServerFrame::Ack { on, op: op.into(), seq: Seq(seq), at: UnixMillis(seq) });
    }

    pub(crate) fn receives_refusal(&mut self, op: impl Into<OpId>, refusal: Refusal) {
        self.receives(ServerFrame::Refused { on: StreamId::Room(LOBBY), op: op.into(), refusal });
    }

    pub(crate) fn sends(&mut self, text: &str) -> MessageId {
        self.replies_to(None, text)
    }

    pub(crate) fn replies_to(&mut self, parent: Option<MessageId>, text: &str) -> MessageId {
        let mut id = None;
        self.call(|engine, moment| id = Some(engine.send(LOBBY, body(text), parent, moment)));
        id.expect("send gives an id")
    }

    pub(crate) fn edits(&mut self, message: MessageId, text: &str) {
        self.call(|engine, moment| engine.edit(LOBBY, message, body(text), moment));
    }

    pub(crate) fn deletes(&mut self, message: MessageId) {
        self.call(|engine, moment| engine.delete(LOBBY, message, moment));
    }

    pub(crate) fn reacts(&mut self, message: MessageId, on: bool) {
        self.call(|engine, moment| engine.react(LOBBY, message, "👍", on, moment));
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
        let posts = self.operations().into_iter();
        posts.filter(|(_, what)| matches!(what, Operation::Post { .. })).map(|(op, _)| op.into()).collect()
    }

    /// Takes the actions, and returns the operations to carry out.
    pub(crate) fn operations(&mut self) -> Vec<(OpId, Operation)> {
        let frames = self.frames().into_iter();
        frames
            .filter_map(
                |frame| if let ClientFrame::Operation { op, what, .. } = frame { Some((op, what)) } else { None },
            )
            .collect()
    }

    /// Takes the actions, and returns the queries.
    pub(crate) fn queries(&mut self) -> Vec<Query> {
        let frames = self.frames().into_iter();
        frames
            .filter_map(|frame| if let ClientFrame::Query { query, .. } = frame { Some(query) } else { None })
            .collect()
    }

    pub(crate) fn updates(&mut self) -> Vec<Update> {
        self.engine.take_updates()
    }

    pub(crate) fn timeline(&self) -> &Timeline {
        self.engine.timeline(LOBBY).expect("the lobby is known")
    }

    pub(crate) fn message(&self, id: MessageId) -> MessageView<'_> {
        self.timeline().message(id).expect("the message is shown")
    }

    pub(crate) fn state(&self, id: MessageId) -> Option<MessageState> {
        self.timeline().message(id).map(|view| view.state)
    }

    pub(crate) fn bodies(&self) -> Vec<String> {
        let bodies = self.timeline().entries().map(|entry| match entry {
            Entry::Message(view) => view.body.to_owned(),
            Entry::Gap(_) => "(gap)".to_owned(),
        });
        bodies.collect()
    }
}

pub(crate) fn body(text: &str) -> Body {
    Body::parse(text).expect("valid")
}

pub(crate) fn kira() -> Member {
    Member { id: MemberId(1), name: "Kira".to_owned() }
}

pub(crate) fn david() -> Member {
    Member { id: MemberId(2), name: "David".to_owned() }
}

pub(crate) fn state(rev: u64) -> RoomState {
    let name = "Lobby".to_owned();
    RoomState { rev: Seq(rev), name, topic: String::new(), made_by: None, made_at: UnixMillis(0), pins: Vec::new() }
}

/// Returns the id of David's message with a seq.
pub(crate) fn id(seq: u64) -> MessageId {
    MessageId::mint(UnixMillis(seq), [99; 10])
}

/// Returns David's message with a seq.
pub(crate) fn message(seq: u64) -> Message {
    Message {
        id: id(seq),
        seq: Seq(seq),
        rev: Seq(seq),
        at: UnixMillis(seq),
        by: david(),
        kind: MessageKind::Text,
        body: format!("message {seq}"),
        reply_to: None,
        replies: 0,
        edited_at: None,
        deleted_at: None,
        pinned: false,
        reactions: Vec::new(),
    }
}

/// Returns a page of David's messages that was read when the last of them was the newest.
pub(crate) fn page(seqs: RangeInclusive<u64>) -> Page {
    let (as_of, older) = (Seq(*seqs.end()), *seqs.start() > 1);
    Page { as_of, messages: seqs.map(message).collect(), older, ..Page::default() }
}

pub(crate) fn change(seq: u64, by: Member, targets: Vec<MessageId>, what: What) -> Change {
    Change { seq: Seq(seq), at: UnixMillis(seq), by, targets, what }
}

pub(crate) fn posted(seq: u64, by: Member, id: MessageId, body: &str) -> Change {
    change(seq, by, vec![id], What::Posted { body: body.to_owned(), reply_to: None })
}

pub(crate) fn answered(seq: u64, parent: MessageId, replies: u32) -> Change {
    let reply_to = Some(ReplyTo { message: parent, replies });
    change(seq, david(), vec![id(seq), parent], What::Posted { body: format!("message {seq}"), reply_to })
}

pub(crate) fn edited(seq: u64, message: MessageId, body: &str) -> Change {
    change(seq, david(), vec![message], What::Edited { body: body.to_owned() })
}

/// Returns the changes that post David's messages.
pub(crate) fn posts(seqs: RangeInclusive<u64>) -> Vec<Change> {
    seqs.map(|seq| posted(seq, david(), id(seq), &format!("message {seq}"))).collect()
}
