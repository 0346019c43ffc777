//! The rows of a room that wait for their `resumed`. They are applied together once all of them are there.

use hubbub_protocol::limits::MAX_RESUME_ROWS;
use hubbub_protocol::{Message, OwnReactions, Seq};

use crate::timeline::messages::Held;

/// The largest number of rows that wait: those of two joins that were answered together. Beyond it, rows are dropped, so that
/// their `resumed` is not complete and the room is joined again.
const MAX_ROWS: usize = 2 * MAX_RESUME_ROWS;

/// The seqs between which rows are complete: the cursor that the server began after, and the cursor that it ends at.
pub(crate) type ResumeRange = (Seq, Seq);

/// The rows, with the range that each belongs to.
#[derive(Debug, Default)]
pub(crate) struct ResumedRows(Vec<(ResumeRange, Held)>);

impl ResumedRows {
    pub(crate) fn add(&mut self, range: ResumeRange, messages: Vec<Message>, mut mine: Vec<OwnReactions>) {
        if self.0.len() <= MAX_ROWS {
            self.0.extend(Held::join(messages, &mut mine).into_iter().map(|held| (range, held)));
        }
    }

    /// Takes the rows of a range out, each message once. Rows of ranges that end earlier are dropped: their `resumed` brings
    /// nothing new.
    pub(crate) fn take(&mut self, range: ResumeRange) -> Vec<Held> {
        let (_, to) = range;
        let mut taken: Vec<Held> = Vec::new();
        for (of, held) in std::mem::take(&mut self.0) {
            if of == range {
                if taken.iter().all(|other| other.message.id != held.message.id) {
                    taken.push(held);
                }
            } else if of.1 >= to {
                self.0.push((of, held));
            }
        }
        taken
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
