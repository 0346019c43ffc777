//! What members have done and not taken back. In the end, the store must have it: an operation that is acked had its effect.

use std::collections::BTreeMap;

use hubbub_protocol::{MessageId, Operation};

use super::world::Stored;

/// The last wish for each message of a member who has one tab, so that the order of the wishes is known.
#[derive(Default)]
pub(crate) struct Wishes {
    deleted: BTreeMap<(usize, MessageId), ()>,
    texts: BTreeMap<(usize, MessageId), String>,
    reactions: BTreeMap<(usize, MessageId, String), bool>,
}

impl Wishes {
    /// Notes the deletion of an own message.
    pub(crate) fn delete(&mut self, member: usize, message: MessageId) {
        self.deleted.insert((member, message), ());
    }

    /// Notes the new text of an own message.
    pub(crate) fn edit(&mut self, member: usize, message: MessageId, text: &str) {
        self.texts.insert((member, message), text.to_owned());
    }

    /// Notes whether a message shall have a reaction.
    pub(crate) fn react(&mut self, member: usize, message: MessageId, emoji: &str, on: bool) {
        self.reactions.insert((member, message, emoji.to_owned()), on);
    }

    /// Forgets what an operation was to do, because the member discards it.
    pub(crate) fn discard(&mut self, member: usize, what: &Operation) {
        let Some(message) = what.target() else { return };
        self.deleted.remove(&(member, message));
        self.texts.remove(&(member, message));
        self.reactions.retain(|(by, of, _), _| (*by, *of) != (member, message));
    }

    /// Asserts that the store has what a member wished for. Messages that were deleted have nothing more.
    pub(crate) fn are_fulfilled(&self, member: usize, stored: &Stored) {
        for (by, message) in self.deleted.keys().filter(|(by, _)| *by == member) {
            let is_gone = stored.get(*message).is_none_or(|message| message.is_deleted());
            assert!(is_gone, "member {by} deleted {message}");
        }
        let living = |id: MessageId| stored.get(id).filter(|message| !message.is_deleted());
        for ((_, id), text) in self.texts.iter().filter(|((by, _), _)| *by == member) {
            assert!(living(*id).is_none_or(|message| message.body == *text), "the last edit of {id} is {text}");
        }
        for ((_, id, emoji), on) in self.reactions.iter().filter(|((by, ..), _)| *by == member) {
            let is_as_wished = living(*id).is_none_or(|_| stored.is_own_reaction(*id, emoji) == *on);
            assert!(is_as_wished, "{emoji} of {id} is {on}");
            let is_counted =
                living(*id).is_none_or(|message| !on || message.reactions.iter().any(|it| it.emoji == *emoji));
            assert!(is_counted, "{emoji} of {id} is counted");
        }
    }
}
