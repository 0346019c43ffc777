//! What a room's timeline asks and how it takes the answers. A page may have been read before changes that the client has
//! applied, so those are applied to the page first; a page that is too old for that is asked for again.

use hubbub_protocol::{
    Answer, Change, Message, MessageId, MessageKind, Page, Query, Reactors, Refusal, Revision, Seq, What,
};

use crate::effects::{Effects, Update};
use crate::timeline::run::{Place, Run};
use crate::timeline::thread::Thread;
use crate::timeline::{Gap, GapEnd, Timeline};

impl Timeline {
    /// Asks for the page before the oldest message, if there is one.
    pub(crate) fn load_older(&mut self, out: &mut Effects) {
        if self.has_older() {
            self.ask(Query::Before(self.log.oldest().first()), out);
        }
    }

    /// Asks for the page at one end of a gap, if there is this gap.
    pub(crate) fn fill_gap(&mut self, gap: Gap, end: GapEnd, out: &mut Effects) {
        let runs: Vec<(Seq, Seq)> = self.log.runs().map(|run| (run.first(), run.last())).collect();
        if runs.windows(2).any(|pair| (pair[0].1, pair[1].0) == (gap.after, gap.before)) {
            self.ask(
                match end {
                    GapEnd::Lower => Query::After(gap.after),
                    GapEnd::Upper => Query::Before(gap.before),
                },
                out,
            );
        }
    }

    /// Shows a message: at once, or when the page around it is there. An earlier jump is given up.
    pub(crate) fn jump_to(&mut self, id: MessageId, out: &mut Effects) {
        self.questions.retain(|query| !matches!(query, Query::Around(_)));
        if self.is_in_log(id) || self.outbox.post_of(id).is_some() {
            out.update(Update::Jumped(self.room, id));
        } else {
            self.ask(Query::Around(id), out);
        }
    }

    /// Opens the thread of a message. Another one is closed.
    pub(crate) fn open_thread(&mut self, parent: MessageId, out: &mut Effects) {
        if self.thread.as_ref().is_some_and(|thread| thread.parent == parent) {
            return;
        }
        self.close_thread(out);
        let thread = Thread::new(parent);
        self.ask(thread.next_query(), out);
        self.thread = Some(thread);
    }

    pub(crate) fn close_thread(&mut self, out: &mut Effects) {
        self.questions.retain(|query| !matches!(query, Query::Replies { .. }));
        if self.thread.take().is_some() {
            self.drop_unused();
            out.update(Update::Thread(self.room));
        }
    }

    pub(crate) fn load_more_replies(&mut self, out: &mut Effects) {
        if let Some(thread) = self.thread.as_ref().filter(|thread| !thread.is_complete) {
            self.ask(thread.next_query(), out);
        }
    }

    pub(crate) fn ask(&mut self, query: Query, out: &mut Effects) {
        let update = match query {
            Query::Replies { .. } => Update::Thread(self.room),
            _ => Update::List(self.room),
        };
        if self.questions.add(query) {
            out.update(update);
        }
    }

    /// Takes the answer to an open query. An answer to another one is ignored: it answers a query that was repeated or
    /// given up. Refusals that pass by themselves are the caller's.
    pub(crate) fn answer(&mut self, query: Query, answer: Answer, out: &mut Effects) {
        if !self.questions.is_asked(&query) {
            return;
        }
        match answer {
            Answer::Page(page) => self.answer_page(&query, page, out),
            Answer::Reactions(by) => self.answer_about(&query, Ok(by), Err(Refusal::Unknown), out),
            Answer::Revisions(texts) => self.answer_about(&query, Err(Refusal::Unknown), Ok(texts), out),
            Answer::Refused(refusal) => self.refuse_query(&query, refusal, out),
            Answer::Unknown => self.refuse_query(&query, Refusal::Unknown, out),
        }
    }

    fn refuse_query(&mut self, query: &Query, refusal: Refusal, out: &mut Effects) {
        if let Query::Around(id) = query
            && self.questions.remove(query)
        {
            out.update(Update::JumpRefused(self.room, *id, refusal));
            return;
        }
        self.answer_about(query, Err(refusal.clone()), Err(refusal), out);
        if self.questions.remove(query) {
            self.show_answered(query, out);
        }
    }

    /// Gives the answer about one message to the views.
    fn answer_about(
        &mut self,
        query: &Query,
        reactors: Result<Vec<Reactors>, Refusal>,
        revisions: Result<Vec<Revision>, Refusal>,
        out: &mut Effects,
    ) {
        let room = self.room;
        match query {
            Query::Reactions(message) if self.questions.remove(query) => {
                out.update(Update::Reactors { room, message: *message, answer: reactors });
            }
            Query::Revisions(message) if self.questions.remove(query) => {
                out.update(Update::Revisions { room, message: *message, answer: revisions });
            }
            _ => {}
        }
    }

    fn answer_page(&mut self, query: &Query, page: Page, out: &mut Effects) {
        let Some(changes) = self.recent.since(page.as_of).map(<[Change]>::to_vec) else {
            self.questions.ask_again(query);
            return;
        };
        let messages: Vec<&Message> = page.messages.iter().chain(&page.quoted).collect();
        match query {
            Query::Before(seq) => self.log.add(Run::of(&page, None, Some(*seq))),
            Query::After(seq) => self.log.add(Run::of(&page, Some(*seq), None)),
            Query::Around(id) => match page.messages.iter().find(|message| message.id == *id) {
                Some(message) if message.seq > self.log.head() => {
                    // Its change is on its way: the message has no place before that.
                    self.questions.ask_again(query);
                    return;
                }
                Some(message) if message.kind != MessageKind::Unknown => {
                    self.log.add(Run::of(&page, None, None));
                    out.update(Update::Jumped(self.room, *id));
                }
                Some(_) | None => {
                    self.refuse_query(query, Refusal::NoSuchMessage, out);
                    return;
                }
            },
            Query::Replies { to, .. } => {
                let replies = messages.iter().filter(|message| message.reply_to == Some(*to));
                let places: Vec<Place> = replies.map(|message| Place { seq: message.seq, id: message.id }).collect();
                self.extend_thread(query, *to, places, !page.newer, &changes);
            }
            // Messages that don't fit into the frame are left out, and so are those that don't exist. An answer without any
            // message ends that.
            Query::Messages(ids) if !messages.is_empty() => {
                let left_out = ids.iter().filter(|id| messages.iter().all(|message| message.id != **id));
                let left_out: Vec<MessageId> = left_out.copied().collect();
                left_out.into_iter().for_each(|id| self.outdated(id));
            }
            Query::Messages(_) | Query::Reactions(_) | Query::Revisions(_) | Query::Unknown => {}
        }
        self.questions.remove(query);
        self.take_all(page, &changes, out);
        if let Some(parent) = self.thread.as_ref().map(|thread| thread.parent) {
            self.miss_with_quote(parent);
        }
        self.drop_unused();
        self.show_answered(query, out);
    }

    fn extend_thread(
        &mut self,
        query: &Query,
        parent: MessageId,
        replies: Vec<Place>,
        is_complete: bool,
        changes: &[Change],
    ) {
        let Some(thread) = self.thread.as_mut().filter(|thread| thread.next_query() == *query) else { return };
        thread.extend(replies.into_iter(), is_complete);
        for change in changes {
            match (&change.what, change.message()) {
                (What::Posted { reply_to: Some(reply_to), .. }, Some(id)) if reply_to.message == parent => {
                    thread.put(Place { seq: change.seq, id });
                }
                _ => {}
            }
        }
    }
}
