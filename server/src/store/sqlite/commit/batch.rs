//! The rows that a batch of operations touches, in memory. Each operation is decided on them and changes them, so that the
//! next operation of the batch sees its effect. `load` fills them, `save` writes what has changed. No SQL here.

use std::collections::{BTreeMap, HashMap};

use hubbub_protocol::{Change, Member, MemberId, Message, MessageId, OpId, RoomId, Seq, What};

use super::batch_rows::{BatchMessage, BatchOperation, BatchReaction, BatchRevision, BatchRoom, kind_of};
use super::digest::{Salt, digest_of};
use crate::store::{Committed, Decide, Intent, OperationError, Situation, Submitted};

pub(super) type Outcome = Result<Committed, OperationError>;
pub(super) type MessageKey = (RoomId, MessageId);
pub(super) type ReactionKey = (RoomId, MessageId, MemberId, String);

/// The rows, by their keys.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) rooms: HashMap<RoomId, BatchRoom>,
    pub(super) messages: HashMap<MessageKey, BatchMessage>,
    pub(super) operations: HashMap<(RoomId, OpId), BatchOperation>,
    pub(super) members: HashMap<MemberId, String>,
    /// The rooms that have the names which the operations give, with those names.
    pub(super) names: BTreeMap<RoomId, String>,
    /// The seq of the change that added the reaction; None if the member doesn't have it. Loaded are those that the
    /// operations name.
    pub(super) reactions: BTreeMap<ReactionKey, BatchReaction>,
    /// New rows of `revision`.
    pub(super) revisions: Vec<BatchRevision>,
}

impl Batch {
    /// Decides one operation, and makes its change.
    pub(super) fn carry_out(&mut self, submitted: &Submitted, decide: Decide) -> Outcome {
        let room = self.rooms.get(&submitted.room).ok_or(OperationError::NoSuchRoom)?;
        if let Some(outcome) = self.repeated(submitted) {
            return outcome;
        }
        let name = self.members.get(&submitted.by).ok_or(OperationError::NoSuchMember)?;
        let by = Member { id: submitted.by, name: name.clone() };
        let target = submitted.intent.target().and_then(|id| self.messages.get(&(submitted.room, id)));
        let situation = Situation {
            room: &room.state,
            target: target.map(|row| &row.message),
            has_reaction: self.has_reaction(submitted),
            is_name_taken: self.is_name_taken(submitted),
        };
        let what = decide(submitted, &situation).map_err(OperationError::Refused)?;
        let head = room.head;
        let Some(what) = what else {
            self.remember(submitted, head);
            return Ok(Committed::Unchanged { seq: head, at: submitted.at });
        };
        let change = Change { seq: head.next(), at: submitted.at, by, targets: targets(submitted), what };
        self.make(submitted, &change);
        self.remember(submitted, change.seq);
        Ok(Committed::Now(change))
    }

    pub(super) fn erases_text(&self) -> bool {
        self.messages.values().any(|row| row.is_erased)
    }

    /// Returns the outcome if the id was used before.
    fn repeated(&self, submitted: &Submitted) -> Option<Outcome> {
        let Submitted { room, op, .. } = submitted;
        if let Some(row) = self.messages.get(&(*room, MessageId::from(*op)))
            && row.message.kind.is_text()
        {
            let before = Committed::Before { seq: row.message.seq, at: row.message.at };
            return Some(if row.is_posted_by(submitted) { Ok(before) } else { Err(OperationError::Conflict) });
        }
        let row = self.operations.get(&(*room, *op))?;
        let before = Committed::Before { seq: row.seq, at: row.at };
        Some(if self.is_same(row, submitted) { Ok(before) } else { Err(OperationError::Conflict) })
    }

    fn is_same(&self, row: &BatchOperation, submitted: &Submitted) -> bool {
        let salt = match &submitted.intent {
            // With the salt, the text is gone that the digest could be compared with.
            Intent::Edit { message, .. } => match self.salt((submitted.room, *message)) {
                Some(salt) => Some(salt),
                None => return row.is_alike(submitted),
            },
            _ => None,
        };
        row.is_alike(submitted) && row.digest == digest_of(&submitted.intent, salt)
    }

    fn salt(&self, key: MessageKey) -> Option<Salt> {
        self.messages.get(&key)?.salt
    }

    fn has_reaction(&self, submitted: &Submitted) -> bool {
        reaction_key(submitted).and_then(|key| self.reactions.get(&key)).is_some_and(|row| row.seq.is_some())
    }

    fn is_name_taken(&self, submitted: &Submitted) -> bool {
        let Some(wanted) = submitted.intent.room_name().map(str::to_lowercase) else { return false };
        self.names.iter().any(|(room, name)| *room != submitted.room && name.to_lowercase() == wanted)
    }

    /// Applies a change to the rows.
    fn make(&mut self, submitted: &Submitted, change: &Change) {
        let room = submitted.room;
        if let Some(row) = self.rooms.get_mut(&room) {
            row.head = change.seq;
            row.has_moved = true;
            row.is_changed |= row.state.apply(change);
        }
        if let What::Described { name, .. } = &change.what {
            self.names.insert(room, name.clone());
        }
        self.make_beside(submitted, change);
        for target in &change.targets {
            if let Some(row) = self.messages.get_mut(&(room, *target)) {
                row.message.apply(change);
                row.stored = row.stored.changed();
            }
        }
        if let Some(message) = Message::added_by(change) {
            self.messages.insert((room, message.id), BatchMessage::new(message));
        }
    }

    /// Changes what belongs to a message and is not in it: its earlier texts, its pin's place, the members' reactions.
    fn make_beside(&mut self, submitted: &Submitted, change: &Change) {
        let room = submitted.room;
        let Some(id) = change.message() else { return };
        match &change.what {
            What::Edited { .. } => {
                let Some(row) = self.messages.get_mut(&(room, id)) else { return };
                let body = row.message.body.clone();
                row.first_body.get_or_insert_with(|| body.clone());
                row.salt.get_or_insert_with(Salt::random);
                let at = row.message.edited_at.unwrap_or(row.message.at);
                self.revisions.push(BatchRevision { room, message: id, seq: change.seq, at, body });
            }
            What::Deleted => {
                if let Some(row) = self.messages.get_mut(&(room, id)) {
                    row.erase();
                }
                self.revisions.retain(|revision| (revision.room, revision.message) != (room, id));
                self.reactions.retain(|(in_room, message, ..), _| (*in_room, *message) != (room, id));
            }
            What::Reacted { on, .. } => {
                if let Some(key) = reaction_key(submitted) {
                    self.reactions.insert(key, BatchReaction { seq: on.then_some(change.seq), is_changed: true });
                }
            }
            What::Pinned { on, .. } => {
                if let Some(row) = self.messages.get_mut(&(room, id)) {
                    row.pinned_seq = on.then_some(change.seq);
                }
            }
            What::Posted { .. } | What::Described { .. } | What::Unknown => {}
        }
    }

    fn remember(&mut self, submitted: &Submitted, seq: Seq) {
        let Submitted { room, op, by, at, intent } = submitted;
        let target = intent.target();
        let salt = match intent {
            Intent::Post { .. } => return,
            Intent::Edit { message, .. } => {
                // An edit that changes nothing makes no salt otherwise.
                let row = self.messages.get_mut(&(*room, *message));
                row.map(|row| {
                    let salt = *row.salt.get_or_insert_with(Salt::random);
                    row.stored = row.stored.changed();
                    salt
                })
            }
            _ => None,
        };
        let digest = digest_of(intent, salt);
        let kind = kind_of(intent).to_owned();
        let row = BatchOperation { by: *by, kind, target, seq, at: *at, digest, is_new: true };
        self.operations.insert((*room, *op), row);
    }
}

/// The message that the change is about, then the message that it answers.
fn targets(submitted: &Submitted) -> Vec<MessageId> {
    let new = MessageId::from(submitted.op);
    match &submitted.intent {
        Intent::Post { reply_to, .. } => std::iter::once(new).chain(*reply_to).collect(),
        Intent::Describe { .. } => vec![new],
        Intent::Edit { message, .. }
        | Intent::Delete { message }
        | Intent::React { message, .. }
        | Intent::Pin { message, .. } => vec![*message],
    }
}

/// The reaction that an operation names.
pub(super) fn reaction_key(submitted: &Submitted) -> Option<ReactionKey> {
    match &submitted.intent {
        Intent::React { message, emoji, .. } => Some((submitted.room, *message, submitted.by, (*emoji).to_owned())),
        _ => None,
    }
}
