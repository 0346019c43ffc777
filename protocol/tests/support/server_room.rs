//! A room as a server keeps it, for tests of `apply`. It writes rows by code of its own and never calls `apply`, so that a
//! field that one of the two forgets is a difference.

use std::collections::BTreeMap;

use hubbub_protocol::{
    Change, Member, MemberId, Message, MessageId, MessageKind, Reaction, ReplyTo, RoomState, Seq, UnixMillis, What,
};

/// An act of a member. The numbers choose a message, a member and an emoji.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Post,
    Reply(usize),
    Edit(usize),
    Delete(usize),
    React(usize, usize),
    Pin(usize),
    Describe,
}

/// The rows of a room.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ServerRoom {
    pub(crate) head: Seq,
    pub(crate) rows: BTreeMap<MessageId, Message>,
    pub(crate) state: RoomState,
}

impl ServerRoom {
    pub(crate) fn new() -> Self {
        let state = RoomState {
            rev: Seq(0),
            name: "Lobby".to_owned(),
            topic: String::new(),
            made_by: Some(member(1)),
            made_at: UnixMillis(1),
            pins: vec![],
        };
        Self { head: Seq(0), rows: BTreeMap::new(), state }
    }

    /// Writes the rows and returns the change that the server sends. None if the act has no effect.
    pub(crate) fn act(&mut self, act: Act) -> Option<Change> {
        let seq = self.head.next();
        let at = UnixMillis(1_000 + seq.0);
        let (targets, what) = match act {
            Act::Post => self.post(seq, at, None),
            Act::Reply(n) => self.post(seq, at, Some(self.nth(n)?)),
            Act::Edit(n) => self.edit(self.alive(n)?, at),
            Act::Delete(n) => self.delete(self.alive(n)?, seq, at),
            Act::React(n, emoji) => self.react(self.alive(n)?, emoji),
            Act::Pin(n) => self.pin(self.alive(n)?, seq),
            Act::Describe => self.describe(seq, at),
        };
        for target in &targets {
            self.row(*target).rev = seq;
        }
        self.head = seq;
        Some(Change { seq, at, by: member(seq.0 % 3), targets, what })
    }

    fn post(&mut self, seq: Seq, at: UnixMillis, parent: Option<MessageId>) -> (Vec<MessageId>, What) {
        let body = format!("message {seq}");
        let id = self.insert(seq, at, MessageKind::Text, body.clone(), parent);
        let reply_to = parent.map(|message| {
            self.row(message).replies += 1;
            ReplyTo { message, replies: self.row(message).replies }
        });
        let targets = [Some(id), parent].into_iter().flatten().collect();
        (targets, What::Posted { body, reply_to })
    }

    fn edit(&mut self, id: MessageId, at: UnixMillis) -> (Vec<MessageId>, What) {
        let body = format!("edited {at}");
        let row = self.row(id);
        (row.body, row.edited_at) = (body.clone(), Some(at));
        (vec![id], What::Edited { body })
    }

    fn delete(&mut self, id: MessageId, seq: Seq, at: UnixMillis) -> (Vec<MessageId>, What) {
        if self.state.pins.contains(&id) {
            self.state.pins.retain(|pin| *pin != id);
            self.state.rev = seq;
        }
        let row = self.row(id);
        let tombstone = Message {
            body: String::new(),
            edited_at: None,
            deleted_at: Some(at),
            pinned: false,
            reactions: vec![],
            ..row.clone()
        };
        *row = tombstone;
        (vec![id], What::Deleted)
    }

    fn react(&mut self, id: MessageId, emoji: usize) -> (Vec<MessageId>, What) {
        let emoji = ["👍", "🎉", "👀"][emoji % 3];
        let reactions = &mut self.row(id).reactions;
        let on = reactions.iter().all(|reaction| reaction.emoji != emoji);
        if on {
            reactions.push(Reaction { emoji: emoji.to_owned(), name: "a name".to_owned(), count: 1 });
        } else {
            reactions.retain(|reaction| reaction.emoji != emoji);
        }
        (vec![id], What::Reacted { emoji: emoji.to_owned(), on, reactions: reactions.clone() })
    }

    fn pin(&mut self, id: MessageId, seq: Seq) -> (Vec<MessageId>, What) {
        let on = !self.row(id).pinned;
        self.row(id).pinned = on;
        self.state.pins.retain(|pin| *pin != id);
        if on {
            self.state.pins.insert(0, id);
        }
        self.state.rev = seq;
        (vec![id], What::Pinned { on, pins: self.state.pins.clone() })
    }

    fn describe(&mut self, seq: Seq, at: UnixMillis) -> (Vec<MessageId>, What) {
        let (name, topic) = (format!("Room {seq}"), format!("Topic {seq}"));
        let kind = MessageKind::Described { name: name.clone(), topic: topic.clone() };
        let id = self.insert(seq, at, kind, String::new(), None);
        self.state = RoomState { rev: seq, name: name.clone(), topic: topic.clone(), ..self.state.clone() };
        (vec![id], What::Described { name, topic })
    }

    fn insert(
        &mut self,
        seq: Seq,
        at: UnixMillis,
        kind: MessageKind,
        body: String,
        reply_to: Option<MessageId>,
    ) -> MessageId {
        let id = MessageId::mint(at, [7; 10]);
        let row = Message {
            id,
            seq,
            rev: seq,
            at,
            by: member(seq.0 % 3),
            kind,
            body,
            reply_to,
            replies: 0,
            edited_at: None,
            deleted_at: None,
            pinned: false,
            reactions: vec![],
        };
        self.rows.insert(id, row);
        id
    }

    fn row(&mut self, id: MessageId) -> &mut Message {
        self.rows.get_mut(&id).expect("the act chose a message of the room")
    }

    fn nth(&self, n: usize) -> Option<MessageId> {
        self.rows.keys().nth(n % self.rows.len().max(1)).copied()
    }

    /// A text that isn't deleted.
    fn alive(&self, n: usize) -> Option<MessageId> {
        let is_alive = |row: &&Message| row.kind.is_text() && !row.is_deleted();
        let alive: Vec<&Message> = self.rows.values().filter(is_alive).collect();
        alive.get(n % alive.len().max(1)).map(|row| row.id)
    }
}

fn member(n: u64) -> Member {
    Member { id: MemberId(n), name: format!("Member {n}") }
}
