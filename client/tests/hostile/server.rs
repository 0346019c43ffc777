//! The model server: follows the rules of docs/protocol.md with streams in memory. The simulation passes frames to it and
//! delivers its frames. It knows neither the network nor the engine.

use std::collections::BTreeMap;

use hubbub_protocol::{
    Answer, ClientFrame, Cursor, Epoch, Interest, Member, MemberId, MessageId, OpId, Operation, Page, PageReason,
    Query, Refusal, RoomId, RoomState, Seq, ServerFrame, StreamId, UnixMillis, What,
};

use super::chance::Chance;
use super::stream::{Row, Stream};

pub(crate) type ConnectionId = u64;
type Streams = BTreeMap<(Epoch, RoomId), Stream>;
type LateOperation = (Member, RoomId, OpId, Operation);
/// A frame and the connection that it is sent over.
pub(crate) type AddressedFrame = (ConnectionId, ServerFrame);

pub(crate) struct Server {
    pub(crate) epoch: Epoch,
    pub(crate) is_up: bool,
    /// Whether the server refuses and delays at random. Set to false at the end.
    pub(crate) is_faulty: bool,
    /// The stream of each room in each epoch. A restored backup begins a new epoch.
    pub(crate) streams: Streams,
    page: usize,
    max_resume: usize,
    batch: usize,
    peers: BTreeMap<ConnectionId, Peer>,
    /// Operations that were refused with `unknown_outcome` and are stored later.
    late: Vec<LateOperation>,
}

struct Peer {
    member: Member,
    is_greeted: bool,
    /// Whether the connection polls.
    polls: bool,
    /// The last seq that was sent, for each followed room.
    follows: BTreeMap<RoomId, Seq>,
}

impl Server {
    pub(crate) fn new(rooms: &[RoomId], chance: &mut Chance) -> Self {
        let epoch = Epoch(1);
        Self {
            epoch,
            is_up: true,
            is_faulty: true,
            streams: rooms.iter().map(|room| ((epoch, *room), Stream::new())).collect(),
            page: chance.between(1, 8) as usize,
            max_resume: chance.between(0, 20) as usize,
            batch: chance.between(1, 6) as usize,
            peers: BTreeMap::new(),
            late: Vec::new(),
        }
    }

    pub(crate) fn stream(&self, room: RoomId) -> &Stream {
        &self.streams[&(self.epoch, room)]
    }

    /// Returns the epoch, the state and the newest page, as the server-rendered page has them.
    pub(crate) fn rendered(&self, room: RoomId, reader: MemberId) -> (Epoch, RoomState, Page) {
        let stream = self.stream(room);
        (self.epoch, stream.state.clone(), stream.newest(self.page, reader, self.page.is_multiple_of(2)))
    }

    /// Opens a WebSocket connection.
    pub(crate) fn accept(&mut self, connection: ConnectionId, member: Member) {
        self.peers.insert(connection, Peer { member, is_greeted: false, polls: false, follows: BTreeMap::new() });
    }

    /// Opens a polling tab. A repeated first poll gets a `welcome` too.
    pub(crate) fn open_tab(&mut self, connection: ConnectionId, member: Member) {
        let tab = Peer { member, is_greeted: false, polls: true, follows: BTreeMap::new() };
        self.peers.entry(connection).or_insert(tab).is_greeted = false;
    }

    pub(crate) fn knows(&self, connection: ConnectionId) -> bool {
        self.peers.contains_key(&connection)
    }

    pub(crate) fn has_frames(&self, connection: ConnectionId) -> bool {
        let peer = self.peers.get(&connection);
        peer.is_some_and(|peer| peer.follows.iter().any(|(room, sent)| self.stream(*room).head > *sent))
    }

    /// Handles a further poll of a known tab: follows each room again whose cursor differs from the last response.
    pub(crate) fn further_poll(
        &mut self,
        connection: ConnectionId,
        rooms: Vec<Interest>,
        chance: &mut Chance,
    ) -> Vec<ServerFrame> {
        let Some(peer) = self.peers.get(&connection) else { return Vec::new() };
        let epoch = self.epoch;
        let is_elsewhere = |interest: &Interest| {
            let left = peer.follows.get(&interest.room).map(|seq| Cursor { epoch, seq: *seq });
            left.is_none() || interest.after != left
        };
        let elsewhere: Vec<Interest> = rooms.into_iter().filter(is_elsewhere).collect();
        elsewhere.into_iter().flat_map(|interest| self.join(connection, interest, chance)).collect()
    }

    /// Returns the next frames for a polling tab: the changes, or sometimes the rows, as if the tab had fallen behind.
    pub(crate) fn take_frames(&mut self, connection: ConnectionId, chance: &mut Chance) -> Vec<ServerFrame> {
        let Some(peer) = self.peers.get(&connection) else { return Vec::new() };
        let member = peer.member.id;
        let behind: Vec<(RoomId, Seq)> = peer.follows.iter().map(|(room, sent)| (*room, *sent)).collect();
        let mut frames = Vec::new();
        for (room, sent) in behind {
            if chance.one_in(6) && self.stream(room).head > sent {
                frames.extend(self.resume(room, sent, member));
                let head = self.stream(room).head;
                self.peers.get_mut(&connection).expect("it is known").follows.insert(room, head);
            }
        }
        let peer = self.peers.get_mut(&connection).expect("it is known");
        frames.extend(peer.take_frames(&self.streams, self.epoch, self.batch));
        frames
    }

    pub(crate) fn forget(&mut self, connection: ConnectionId) {
        self.peers.remove(&connection);
    }

    pub(crate) fn crash(&mut self) {
        self.is_up = false;
        self.peers.clear();
        self.late.clear();
    }

    /// Restores a backup: begins a new epoch without the newest changes. Returns the ids of the lost messages.
    pub(crate) fn restore_backup(&mut self, chance: &mut Chance) -> Vec<MessageId> {
        let before = self.epoch;
        self.epoch = Epoch(before.0 + 1);
        let mut lost = Vec::new();
        let streams: Vec<_> = self.streams.iter().filter(|((epoch, _), _)| *epoch == before).collect();
        let mut restored = Vec::new();
        for ((_, room), stream) in streams {
            let kept = stream.as_of(Seq(stream.head.0 - chance.between(0, stream.head.0.min(8))));
            lost.extend(stream.rows.iter().map(Row::id).filter(|id| kept.row(*id).is_none()));
            restored.push(((self.epoch, *room), kept));
        }
        self.streams.extend(restored);
        lost
    }

    /// Commits a change of a kind that the client does not know, to a random message.
    pub(crate) fn commit_unknown(&mut self, room: RoomId, now: UnixMillis, chance: &mut Chance) {
        let stream = self.streams.get_mut(&(self.epoch, room)).expect("the room exists");
        let n = stream.rows.len() as u64;
        let target = (n > 0).then(|| stream.rows[chance.between(0, n - 1) as usize].id());
        let hubbub = Member { id: MemberId(0), name: "Hubbub".to_owned() };
        stream.commit(hubbub, target.into_iter().collect(), What::Unknown, now);
    }

    /// Carries out the late operations.
    pub(crate) fn commit_late(&mut self, now: UnixMillis) {
        for (member, room, op, what) in std::mem::take(&mut self.late) {
            self.carry_out(&member, room, op, &what, now);
        }
    }

    /// Returns the next frames for every WebSocket connection.
    pub(crate) fn flush(&mut self) -> Vec<AddressedFrame> {
        let mut frames = Vec::new();
        for (connection, peer) in self.peers.iter_mut().filter(|(_, peer)| !peer.polls) {
            let ready = peer.take_frames(&self.streams, self.epoch, self.batch);
            frames.extend(ready.into_iter().map(|frame| (*connection, frame)));
        }
        frames
    }

    pub(crate) fn receive(
        &mut self,
        connection: ConnectionId,
        frame: ClientFrame,
        now: UnixMillis,
        chance: &mut Chance,
    ) -> Vec<AddressedFrame> {
        let Some(peer) = self.peers.get_mut(&connection) else { return Vec::new() };
        let member = peer.member.clone();
        let is_greeted = std::mem::replace(&mut peer.is_greeted, true);
        let responses = match frame {
            ClientFrame::Hello { .. } if is_greeted => vec![ServerFrame::Error { refusal: Refusal::HelloTwice }],
            ClientFrame::Hello { rooms } => {
                let mut responses = vec![ServerFrame::Welcome { you: member, rooms: Vec::new() }];
                responses.extend(rooms.into_iter().flat_map(|interest| self.join(connection, interest, chance)));
                responses
            }
            _ if !is_greeted => {
                peer.is_greeted = false;
                vec![ServerFrame::Error { refusal: Refusal::HelloExpected }]
            }
            ClientFrame::Join(interest) => self.join(connection, interest, chance),
            ClientFrame::Leave { room } => {
                peer.follows.remove(&room);
                Vec::new()
            }
            ClientFrame::Operation { on: StreamId::Room(room), op, what } => {
                let response = (connection, self.operate(member, room, op, what, now, chance));
                // The change may come before the ack, right after it, or with a later flush.
                return match chance.between(0, 2) {
                    0 => self.flush().into_iter().chain([response]).collect(),
                    1 => [response].into_iter().chain(self.flush()).collect(),
                    _ => vec![response],
                };
            }
            ClientFrame::Query { room, query } => vec![self.answer(room, query, member.id, chance)],
            ClientFrame::Typing { room } => return self.typing(room, &member),
            ClientFrame::Ping => vec![ServerFrame::Pong],
            ClientFrame::Operation { on: StreamId::Unknown, .. } | ClientFrame::Unknown => {
                vec![ServerFrame::Error { refusal: Refusal::UnknownType }]
            }
        };
        responses.into_iter().map(|response| (connection, response)).collect()
    }

    fn join(&mut self, connection: ConnectionId, interest: Interest, chance: &mut Chance) -> Vec<ServerFrame> {
        let Interest { room, after } = interest;
        let Some(stream) = self.streams.get(&(self.epoch, room)) else {
            return vec![ServerFrame::Denied { room, refusal: Refusal::NotFound }];
        };
        if let Some(refusal) = self.random_refusal(chance) {
            return vec![ServerFrame::Denied { room, refusal }];
        }
        let head = stream.head;
        let peer = self.peers.get_mut(&connection).expect("the peer has sent this frame");
        let reader = peer.member.id;
        peer.follows.insert(room, head);
        let reason = match after {
            None => PageReason::First,
            Some(Cursor { epoch, seq }) if epoch != self.epoch || seq > head => PageReason::Reset,
            Some(Cursor { seq, .. }) if stream.rows_after(seq, reader).0.len() > self.max_resume => PageReason::Gap,
            Some(Cursor { seq, .. }) => return self.resume(room, seq, reader),
        };
        let (epoch, state, page) = self.rendered(room, reader);
        vec![ServerFrame::Page { room, reason, epoch, state, page }]
    }

    /// Returns the rows that changed after a seq, and `resumed`.
    fn resume(&self, room: RoomId, after: Seq, reader: MemberId) -> Vec<ServerFrame> {
        let stream = self.stream(room);
        let (messages, mine) = stream.rows_after(after, reader);
        let rows = messages.chunks(self.batch).map(|messages| {
            let is_in = |own: &&hubbub_protocol::OwnReactions| messages.iter().any(|message| message.id == own.message);
            let mine = mine.iter().filter(is_in).cloned().collect();
            ServerFrame::Rows { room, after, to: stream.head, messages: messages.to_vec(), mine }
        });
        let state = (stream.state.rev > after).then(|| stream.state.clone());
        let n_rows = u32::try_from(messages.len()).expect("few rows");
        rows.chain([ServerFrame::Resumed { room, after, to: stream.head, n_rows, state }]).collect()
    }

    /// Returns a random refusal of a read, or None.
    fn random_refusal(&self, chance: &mut Chance) -> Option<Refusal> {
        if !self.is_faulty || !chance.one_in(20) {
            return None;
        }
        let retry_after_ms = chance.between(1, 3_000);
        Some(if chance.one_in(2) { Refusal::Busy } else { Refusal::RateLimited { retry_after_ms } })
    }

    fn operate(
        &mut self,
        member: Member,
        room: RoomId,
        op: OpId,
        what: Operation,
        now: UnixMillis,
        chance: &mut Chance,
    ) -> ServerFrame {
        let on = StreamId::Room(room);
        if !self.streams.contains_key(&(self.epoch, room)) {
            return ServerFrame::Refused { on, op, refusal: Refusal::NotFound };
        }
        if self.late.iter().any(|late| late.2 == op) {
            self.commit_late(now);
        }
        if self.is_faulty && !self.stream(room).has_done(op) {
            let refusal = match chance.between(0, 19) {
                0 => Some(Refusal::Busy),
                1 => Some(Refusal::RateLimited { retry_after_ms: chance.between(1, 3_000) }),
                2 => Some(Refusal::ReadOnly),
                3 => Some(Refusal::UnknownOutcome),
                4 => {
                    self.carry_out(&member, room, op, &what, now);
                    Some(Refusal::UnknownOutcome)
                }
                5 => {
                    self.late.push((member.clone(), room, op, what.clone()));
                    Some(Refusal::UnknownOutcome)
                }
                _ => None,
            };
            if let Some(refusal) = refusal {
                return ServerFrame::Refused { on, op, refusal };
            }
        }
        self.carry_out(&member, room, op, &what, now)
    }

    fn carry_out(&mut self, by: &Member, room: RoomId, op: OpId, what: &Operation, now: UnixMillis) -> ServerFrame {
        let on = StreamId::Room(room);
        let stream = self.streams.get_mut(&(self.epoch, room)).expect("the room exists");
        match stream.operate(by, op, what, now) {
            Ok((seq, at)) => ServerFrame::Ack { on, op, seq, at },
            Err(refusal) => ServerFrame::Refused { on, op, refusal },
        }
    }

    fn answer(&self, room: RoomId, query: Query, reader: MemberId, chance: &mut Chance) -> ServerFrame {
        let answer = match (self.streams.get(&(self.epoch, room)), self.random_refusal(chance)) {
            (None, _) => Err(Refusal::NotFound),
            (_, Some(refusal)) => Err(refusal),
            (Some(stream), None) => match &query {
                Query::Reactions(message) => stream.reactors(*message).map(Answer::Reactions),
                Query::Revisions(message) => stream.revisions(*message).map(Answer::Revisions),
                query => {
                    let n = chance.between(1, self.page as u64) as usize;
                    stream.query(query, n, reader, chance.one_in(2)).map(Answer::Page)
                }
            },
        };
        ServerFrame::Answer { room, query, answer: answer.unwrap_or_else(Answer::Refused) }
    }

    fn typing(&self, room: RoomId, by: &Member) -> Vec<AddressedFrame> {
        let followers = self.peers.iter().filter(|(_, peer)| peer.follows.contains_key(&room));
        followers.map(|(connection, _)| (*connection, ServerFrame::Typing { room, by: by.clone() })).collect()
    }
}

impl Peer {
    fn take_frames(&mut self, streams: &Streams, epoch: Epoch, batch: usize) -> Vec<ServerFrame> {
        let mut frames = Vec::new();
        for (room, sent) in &mut self.follows {
            let stream = &streams[&(epoch, *room)];
            for changes in stream.changes[sent.0 as usize..].chunks(batch) {
                frames.push(ServerFrame::Changes { room: *room, changes: changes.to_vec() });
            }
            *sent = stream.head;
        }
        frames
    }
}
