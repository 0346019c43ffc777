//! Applies a change to the rows that it names. Both ends apply changes by this code, so that they can't differ.

use crate::change::{Change, ReplyTo, What};
use crate::message::{Message, MessageKind};
use crate::model::RoomState;

/// What [`Message::apply`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The message has new values.
    Changed,
    /// The change is no newer than the message, or does not name it.
    Unchanged,
    /// The change names the message, and this build does not know what changed. The message must be asked for.
    Unknown,
}

impl Message {
    /// Returns the message that a change adds to the stream, if the change adds one.
    #[must_use]
    pub fn added_by(change: &Change) -> Option<Self> {
        let (body, reply_to, kind) = match &change.what {
            What::Posted { body, reply_to } => (body.clone(), *reply_to, MessageKind::Text),
            What::Described { name, topic } => {
                let kind = MessageKind::Described { name: name.clone(), topic: topic.clone() };
                (String::new(), None, kind)
            }
            What::Edited { .. } | What::Deleted | What::Reacted { .. } | What::Pinned { .. } | What::Unknown => {
                return None;
            }
        };
        Some(Self {
            id: change.message()?,
            seq: change.seq,
            rev: change.seq,
            at: change.at,
            by: change.by.clone(),
            kind,
            body,
            reply_to: reply_to.map(|reply_to| reply_to.message),
            replies: 0,
            edited_at: None,
            deleted_at: None,
            pinned: false,
            reactions: Vec::new(),
        })
    }

    /// Overwrites the fields that a change names, unless the message is at least as new as the change. Applying a change
    /// twice has no further effect.
    pub fn apply(&mut self, change: &Change) -> Applied {
        if change.seq <= self.rev || !change.targets.contains(&self.id) {
            return Applied::Unchanged;
        }
        let is_subject = change.message() == Some(self.id);
        match &change.what {
            What::Posted { reply_to: Some(ReplyTo { message, replies }), .. } if *message == self.id => {
                self.replies = *replies;
            }
            What::Edited { body } if is_subject => {
                self.body.clone_from(body);
                self.edited_at = Some(change.at);
            }
            What::Deleted if is_subject => {
                self.body.clear();
                self.reactions.clear();
                self.pinned = false;
                self.edited_at = None;
                self.deleted_at = Some(change.at);
            }
            What::Reacted { reactions, .. } if is_subject => self.reactions.clone_from(reactions),
            What::Pinned { on, .. } if is_subject => self.pinned = *on,
            What::Posted { .. }
            | What::Edited { .. }
            | What::Deleted
            | What::Reacted { .. }
            | What::Pinned { .. }
            | What::Described { .. }
            | What::Unknown => return Applied::Unknown,
        }
        self.rev = change.seq;
        Applied::Changed
    }
}

impl RoomState {
    /// Applies a change of the room's stream, unless it is applied already. Returns whether the state differs now.
    pub fn apply(&mut self, change: &Change) -> bool {
        if change.seq <= self.rev {
            return false;
        }
        match &change.what {
            What::Described { name, topic } => {
                self.name.clone_from(name);
                self.topic.clone_from(topic);
            }
            What::Pinned { pins, .. } => self.pins.clone_from(pins),
            What::Deleted if self.pins.iter().any(|pin| change.targets.contains(pin)) => {
                self.pins.retain(|pin| !change.targets.contains(pin));
            }
            What::Posted { .. } | What::Edited { .. } | What::Deleted | What::Reacted { .. } | What::Unknown => {
                return false;
            }
        }
        self.rev = change.seq;
        true
    }
}
