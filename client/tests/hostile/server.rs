//! The model server: follows the rules of docs/protocol.md with logs in memory. The simulation passes frames to it and delivers
//! its frames. It knows neither the network nor the engine.

use std::collections::BTreeMap;

use hubbub_protocol::{
    ClientFrame, Cursor, Epoch, Event, Interest, Member, MemberId, MessageId, Refusal, RoomId, Seq, ServerFrame,
    SnapshotReason, UnixMillis, What,
};

use super::chance::Chance;

pub(crate) type ConnectionId = u64;
type Logs = BTreeMap<(Epoch, RoomId), Vec<Event>>;
type Post = (Member, RoomId, MessageId, String);
/// A frame and the connection that it is sent over.
pub(crate) type AddressedFrame = (ConnectionId, ServerFrame);

pub(crate) struct Server {
    pub(crate) epoch: Epoch,
    pub(crate) is_up: bool,
    /// Whether the server refuses and delays at random. Set to false at the end.
    pub(crate) is_faulty: bool,
    /// The log of each room in each epoch. A restored backup begins a new epoch.
    pub(crate) logs: Logs,
    page: usize,
    max_resume: u64,
    batch: usize,
    peers: BTreeMap<ConnectionId, Peer>,
    /// Posts that were refused with `unknown_outcome` and are stored later.
    late: Vec<Post>,
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
            logs: rooms.iter().map(|room| ((epoch, *room), Vec::new())).collect(),
            page: chance.between(1, 8) as usize,
            max_resume: chance.between(0, 20),
            batch: chance.between(1, 6) as usize,
            peers: BTreeMap::new(),
            late: Vec::new(),
        }
    }

    pub(crate) fn log(&self, room: RoomId) -> &[Event] {
        &self.logs[&(self.epoch, room)]
    }

    /// Returns the epoch, the head and the newest events, as the server-rendered page has them.
    pub(crate) fn rendered(&self, room: RoomId) -> (Epoch, Seq, Vec<Event>) {
        let log = self.log(room);
        (self.epoch, Seq(log.len() as u64), log[log.len().saturating_sub(self.page)..].to_vec())
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
        peer.is_some_and(|peer| {
            peer.follows.iter().any(|(room, sent)| self.logs[&(self.epoch, *room)].len() as u64 > sent.0)
        })
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
        elsewhere.into_iter().map(|interest| self.join(connection, interest, chance)).collect()
    }

    /// Returns the next frames for a polling tab.
    pub(crate) fn take_frames(&mut self, connection: ConnectionId) -> Vec<ServerFrame> {
        let Some(peer) = self.peers.get_mut(&connection) else { return Vec::new() };
        peer.take_frames(&self.logs, self.epoch, self.batch)
    }

    pub(crate) fn forget(&mut self, connection: ConnectionId) {
        self.peers.remove(&connection);
    }

    pub(crate) fn crash(&mut self) {
        self.is_up = false;
        self.peers.clear();
        self.late.clear();
    }

    /// Restores a backup: begins a new epoch without the newest events. Returns the ids of the lost messages.
    pub(crate) fn restore_backup(&mut self, chance: &mut Chance) -> Vec<MessageId> {
        let before = self.epoch;
        self.epoch = Epoch(before.0 + 1);
        let mut lost = Vec::new();
        let logs: Vec<_> = self.logs.iter().filter(|((epoch, _), _)| *epoch == before).collect();
        let mut restored = Vec::new();
        for ((_, room), log) in logs {
            let kept = log.len() - chance.between(0, log.len().min(8) as u64) as usize;
            lost.extend(log[kept..].iter().filter_map(posted));
            restored.push(((self.epoch, *room), log[..kept].to_vec()));
        }
        self.logs.extend(restored);
        lost
    }

    /// Commits an event of a kind that the client does not know.
    pub(crate) fn commit_unknown(&mut self, room: RoomId, now: UnixMillis) {
        self.commit(room, Member { id: MemberId(0), name: "Hubbub".to_owned() }, What::Unknown, now);
    }

    /// Stores the late posts.
    pub(crate) fn commit_late(&mut self, now: UnixMillis) {
        for (member, room, id, body) in std::mem::take(&mut self.late) {
            self.store(member, room, id, body, now);
        }
    }

    /// Returns the next frames for every WebSocket connection.
    pub(crate) fn flush(&mut self) -> Vec<AddressedFrame> {
        let mut frames = Vec::new();
        for (connection, peer) in self.peers.iter_mut().filter(|(_, peer)| !peer.polls) {
            let ready = peer.take_frames(&self.logs, self.epoch, self.batch);
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
                responses.extend(rooms.into_iter().map(|interest| self.join(connection, interest, chance)));
                responses
            }
            _ if !is_greeted => {
                peer.is_greeted = false;
                vec![ServerFrame::Error { refusal: Refusal::HelloExpected }]
            }
            ClientFrame::Join(interest) => vec![self.join(connection, interest, chance)],
            ClientFrame::Leave { room } => {
                peer.follows.remove(&room);
                Vec::new()
            }
            ClientFrame::Post { room, id, body } => {
                let response = self.post((member, room, id, body), now, chance);
                let response = (connection, response);
                // The event may come before the ack, right after it, or with a later flush.
                return match chance.between(0, 2) {
                    0 => self.flush().into_iter().chain([response]).collect(),
                    1 => [response].into_iter().chain(self.flush()).collect(),
                    _ => vec![response],
                };
            }
            ClientFrame::History { room, before } => vec![self.history(room, before, chance)],
            ClientFrame::Typing { room } => return self.typing(room, &member),
            ClientFrame::Ping => vec![ServerFrame::Pong],
            ClientFrame::Unknown => vec![ServerFrame::Error { refusal: Refusal::UnknownType }],
        };
        responses.into_iter().map(|response| (connection, response)).collect()
    }

    fn join(&mut self, connection: ConnectionId, interest: Interest, chance: &mut Chance) -> ServerFrame {
        let Interest { room, after } = interest;
        let Some(log) = self.logs.get(&(self.epoch, room)) else {
            return ServerFrame::Denied { room, refusal: Refusal::NotFound };
        };
        if let Some(refusal) = self.random_refusal(chance) {
            return ServerFrame::Denied { room, refusal };
        }
        let head = Seq(log.len() as u64);
        let follows = &mut self.peers.get_mut(&connection).expect("the peer has sent this frame").follows;
        let reason = match after {
            None => SnapshotReason::First,
            Some(Cursor { epoch, seq }) if epoch != self.epoch || seq > head => SnapshotReason::Reset,
            Some(Cursor { seq, .. }) if head.0 - seq.0 > self.max_resume => SnapshotReason::Gap,
            Some(Cursor { seq, .. }) => {
                follows.insert(room, seq);
                return ServerFrame::Resumed { room, head };
            }
        };
        follows.insert(room, head);
        let (epoch, head, events) = self.rendered(room);
        ServerFrame::Snapshot { room, reason, epoch, head, events }
    }

    /// Returns a random refusal of a read, or None.
    fn random_refusal(&self, chance: &mut Chance) -> Option<Refusal> {
        if !self.is_faulty || !chance.one_in(20) {
            return None;
        }
        let retry_after_ms = chance.between(1, 3_000);
        Some(if chance.one_in(2) { Refusal::Busy } else { Refusal::RateLimited { retry_after_ms } })
    }

    fn post(&mut self, post: Post, now: UnixMillis, chance: &mut Chance) -> ServerFrame {
        let (member, room, id, body) = post;
        if !self.logs.contains_key(&(self.epoch, room)) {
            return ServerFrame::Refused { room, id, refusal: Refusal::NotFound };
        }
        if self.late.iter().any(|late| late.2 == id) {
            self.commit_late(now);
        }
        if self.is_faulty && !self.log(room).iter().any(|event| posted(event) == Some(id)) {
            let refusal = match chance.between(0, 19) {
                0 => Some(Refusal::Busy),
                1 => Some(Refusal::RateLimited { retry_after_ms: chance.between(1, 3_000) }),
                2 => Some(Refusal::ReadOnly),
                3 => Some(Refusal::UnknownOutcome),
                4 => {
                    self.store(member.clone(), room, id, body.clone(), now);
                    Some(Refusal::UnknownOutcome)
                }
                5 => {
                    self.late.push((member.clone(), room, id, body.clone()));
                    Some(Refusal::UnknownOutcome)
                }
                _ => None,
            };
            if let Some(refusal) = refusal {
                return ServerFrame::Refused { room, id, refusal };
            }
        }
        self.store(member, room, id, body, now)
    }

    /// Stores a message unless its id is stored. The response is the same.
    fn store(&mut self, member: Member, room: RoomId, id: MessageId, body: String, now: UnixMillis) -> ServerFrame {
        if let Some(event) = self.log(room).iter().find(|event| posted(event) == Some(id)) {
            let is_same = event.by.id == member.id && event.what == What::Posted { id, body };
            assert!(is_same, "an id must stand for one message");
            return ServerFrame::Ack { room, id, seq: event.seq, at: event.at };
        }
        let seq = self.commit(room, member, What::Posted { id, body }, now);
        ServerFrame::Ack { room, id, seq, at: now }
    }

    fn commit(&mut self, room: RoomId, by: Member, what: What, at: UnixMillis) -> Seq {
        let log = self.logs.get_mut(&(self.epoch, room)).expect("the room exists");
        let seq = Seq(log.len() as u64 + 1);
        log.push(Event { seq, at, by, what });
        seq
    }

    fn history(&self, room: RoomId, before: Seq, chance: &mut Chance) -> ServerFrame {
        let Some(log) = self.logs.get(&(self.epoch, room)) else {
            return ServerFrame::Denied { room, refusal: Refusal::NotFound };
        };
        if let Some(refusal) = self.random_refusal(chance) {
            return ServerFrame::Denied { room, refusal };
        }
        let end = log.len().min(before.0 as usize - 1);
        let n_events = chance.between(1, self.page as u64) as usize;
        ServerFrame::History { room, before, events: log[end.saturating_sub(n_events)..end].to_vec() }
    }

    fn typing(&self, room: RoomId, by: &Member) -> Vec<AddressedFrame> {
        let followers = self.peers.iter().filter(|(_, peer)| peer.follows.contains_key(&room));
        followers.map(|(connection, _)| (*connection, ServerFrame::Typing { room, by: by.clone() })).collect()
    }
}

impl Peer {
    fn take_frames(&mut self, logs: &Logs, epoch: Epoch, batch: usize) -> Vec<ServerFrame> {
        let mut frames = Vec::new();
        for (room, sent) in &mut self.follows {
            let log = &logs[&(epoch, *room)];
            for events in log[sent.0 as usize..].chunks(batch) {
                frames.push(ServerFrame::Events { room: *room, events: events.to_vec() });
            }
            *sent = Seq(log.len() as u64);
        }
        frames
    }
}

pub(crate) fn posted(event: &Event) -> Option<MessageId> {
    match &event.what {
        What::Posted { id, .. } => Some(*id),
        What::Unknown => None,
    }
}
