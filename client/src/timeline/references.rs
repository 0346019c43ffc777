//! Which messages a room's timeline refers to: those that are missing are asked for, and those that nothing refers to are
//! dropped.

use hubbub_protocol::limits::PAGE_MESSAGES;
use hubbub_protocol::{MessageId, Query};

use crate::timeline::Timeline;

/// The largest number of messages that wait to be asked for. Beyond it, further ones are not: a quote that nobody can see is
/// shown without its text.
const MAX_MISSING: usize = 1_000;

impl Timeline {
    /// Asks for a message unless the client has it.
    pub(crate) fn miss(&mut self, id: MessageId) {
        if !self.messages.holds(id) && self.outbox.post_of(id).is_none() {
            self.outdated(id);
        }
    }

    /// Asks for a message and for the one that it quotes, unless the client has them.
    pub(crate) fn miss_with_quote(&mut self, id: MessageId) {
        self.miss(id);
        let quoted = self.messages.get(id).and_then(|held| held.message.reply_to);
        quoted.into_iter().for_each(|quoted| self.miss(quoted));
    }

    /// Asks for a message, also if the client has it.
    pub(crate) fn outdated(&mut self, id: MessageId) {
        if self.missing.len() < MAX_MISSING && !self.missing.contains(&id) {
            self.missing.push(id);
        }
    }

    /// Returns whether the room's state names a message as pinned.
    pub(crate) fn is_pinned(&self, id: MessageId) -> bool {
        self.state.as_ref().is_some_and(|state| state.pins.contains(&id))
    }

    /// Returns whether the open thread is that of a message.
    pub(crate) fn is_parent(&self, id: MessageId) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.parent == id)
    }

    /// Returns whether a message is shown apart from its place in the timeline.
    pub(crate) fn is_referred_to(&self, id: MessageId) -> bool {
        let is_quoted = self.messages.iter().any(|held| held.message.reply_to == Some(id))
            || self.outbox.posts().any(|post| post.what.target() == Some(id));
        is_quoted || self.is_pinned(id) || self.is_parent(id)
    }

    /// Makes a query of the messages to ask for, if there are any and none are asked for yet.
    pub(crate) fn ask_for_missing(&mut self) {
        if self.missing.is_empty() || self.questions.any(|query| matches!(query, Query::Messages(_))) {
            return;
        }
        let n = self.missing.len().min(PAGE_MESSAGES);
        let ids = self.missing.drain(..n).collect();
        self.questions.add(Query::Messages(ids));
    }

    /// Drops the queries that belong to messages which the client no longer holds.
    pub(crate) fn forget_questions(&mut self) {
        self.missing.clear();
        self.questions.retain(|query| match query {
            Query::Before(_) | Query::After(_) | Query::Messages(_) | Query::Replies { .. } | Query::Unknown => false,
            Query::Around(_) | Query::Reactions(_) | Query::Revisions(_) => true,
        });
    }

    /// Drops the messages that nothing refers to, and the queries for pages that no run needs any more.
    pub(crate) fn drop_unused(&mut self) {
        let log = &self.log;
        self.questions.retain(|query| match query {
            Query::Before(seq) => log.runs().any(|run| run.first() == *seq),
            Query::After(seq) => log.runs().any(|run| run.last() == *seq),
            _ => true,
        });
        let mut used: Vec<MessageId> = self.log.runs().flat_map(|run| run.places()).map(|place| place.id).collect();
        if let Some(thread) = &self.thread {
            used.push(thread.parent);
            used.extend(thread.replies().iter().map(|place| place.id));
        }
        used.extend(self.state.iter().flat_map(|state| state.pins.iter().copied()));
        used.extend(self.outbox.operations.iter().filter_map(|outgoing| outgoing.what.target()));
        let quoted: Vec<MessageId> = used.iter().filter_map(|id| self.messages.get(*id)?.message.reply_to).collect();
        used.extend(quoted);
        used.sort_unstable();
        self.messages.keep_only(&used);
    }
}
