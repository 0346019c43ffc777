//! The queries of a room that have no answer yet. The room asks them while it is joined; each is asked again when its
//! answer is overdue, after a refusal that passes by itself, and on the next connection.

use hubbub_protocol::{Query, UnixMillis};

use crate::moment::Wait;

/// The largest number of open queries of a room. Beyond it the oldest one is dropped: people ask by pointing, so the newest
/// one is what they look at.
const MAX_OPEN: usize = 32;

/// A query without an answer.
#[derive(Debug)]
struct Question {
    query: Query,
    /// None while it could not be asked.
    asked: Option<Wait>,
}

/// The open queries, the oldest first, each once.
#[derive(Debug, Default)]
pub(crate) struct Questions(Vec<Question>);

impl Questions {
    /// Adds a query. Returns false if it is open already.
    pub(crate) fn add(&mut self, query: Query) -> bool {
        if self.is_open(&query) {
            return false;
        }
        if self.0.len() >= MAX_OPEN {
            self.0.remove(0);
        }
        self.0.push(Question { query, asked: None });
        true
    }

    pub(crate) fn is_open(&self, query: &Query) -> bool {
        self.0.iter().any(|question| question.query == *query)
    }

    /// Returns whether the answer to a query may be under way.
    pub(crate) fn is_asked(&self, query: &Query) -> bool {
        self.0.iter().any(|question| question.query == *query && question.asked.is_some())
    }

    pub(crate) fn any(&self, is_it: impl Fn(&Query) -> bool) -> bool {
        self.0.iter().any(|question| is_it(&question.query))
    }

    /// Removes a query. Returns whether it was open.
    pub(crate) fn remove(&mut self, query: &Query) -> bool {
        let before = self.0.len();
        self.0.retain(|question| question.query != *query);
        self.0.len() < before
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&Query) -> bool) {
        self.0.retain(|question| keep(&question.query));
    }

    /// Asks a query again at the next opportunity.
    pub(crate) fn ask_again(&mut self, query: &Query) {
        self.set(query, None);
    }

    /// Asks a query again after a wait.
    pub(crate) fn ask_after(&mut self, query: &Query, wait: Wait) {
        self.set(query, Some(wait));
    }

    pub(crate) fn disconnected(&mut self) {
        self.0.iter_mut().for_each(|question| question.asked = None);
    }

    /// Returns whether an answer with messages may be under way.
    pub(crate) fn awaits_page(&self) -> bool {
        let mut asked = self.0.iter().filter(|question| question.asked.is_some());
        asked.any(|question| !matches!(question.query, Query::Reactions(_) | Query::Revisions(_)))
    }

    /// Returns the queries to ask now, and counts them as asked.
    pub(crate) fn take_due(&mut self, now: Option<UnixMillis>) -> Vec<Query> {
        let mut due = Vec::new();
        for question in &mut self.0 {
            if question.asked.as_mut().is_none_or(|wait| wait.is_over(now)) {
                question.asked = Some(Wait::since(now));
                due.push(question.query.clone());
            }
        }
        due
    }

    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        self.0.iter().filter_map(|question| question.asked).map(Wait::deadline).min()
    }

    fn set(&mut self, query: &Query, wait: Option<Wait>) {
        if let Some(question) = self.0.iter_mut().find(|question| question.query == *query) {
            question.asked = wait;
        }
    }
}
