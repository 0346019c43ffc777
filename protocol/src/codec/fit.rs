//! Cuts pages, rows and answers to the size of a frame. Called by the server, which then encodes the frame.

use std::collections::HashMap;

use serde::Serialize;

use super::text::encode;
use crate::ids::MessageId;
use crate::limits::MAX_FRAME_BYTES;
use crate::message::{Message, OwnReactions};
use crate::model::RoomInfo;
use crate::query::{Page, Reactors, Revision};

/// More than the bytes of a frame without its list: of a `welcome` without its rooms, of `rows` without their messages, of
/// an `answer` without its reactors or revisions.
const FRAME_OVERHEAD_BYTES: usize = 1024;
/// More than the bytes of a page's frame without its messages. The room's state has at most 50 pins of 39 bytes, and a
/// name, a topic and a maker's name of 350 characters of up to 4 bytes. A query names at most 50 messages.
const PAGE_OVERHEAD_BYTES: usize = 5 * 1024;

/// The end of a page that is kept when the page doesn't fit into one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptEnd {
    /// The oldest messages are kept.
    Oldest,
    /// The newest messages are kept.
    Newest,
    /// The messages around this index are kept.
    Around(usize),
}

/// Cuts a page so that it fits into one frame. At least one message is kept, and the messages that are kept have no gap.
/// Quoted messages are left out first; a client asks for those that it misses.
pub fn fit_page(page: &mut Page, kept: KeptEnd) {
    let n_messages = page.messages.len();
    let center = match kept {
        KeptEnd::Oldest => 0,
        KeptEnd::Newest => n_messages,
        KeptEnd::Around(index) => index,
    };
    // The nearest to the center comes first, so the first ones of this order are neighbours.
    let mut order: Vec<usize> = (0..n_messages).collect();
    order.sort_by_key(|index| index.abs_diff(center));

    let sizes = Sizes::new(&page.mine);
    let mut left = MAX_FRAME_BYTES - PAGE_OVERHEAD_BYTES;
    let fits = |index: &&usize| take(&mut left, sizes.of(&page.messages[**index]));
    let n_kept = order.iter().take_while(fits).count().max(1).min(n_messages);
    order.truncate(n_kept);
    let first = order.iter().min().copied().unwrap_or(0);
    let end = first + n_kept;

    page.quoted.retain(|quoted| take(&mut left, sizes.of(quoted)));
    page.older |= first > 0;
    page.newer |= end < n_messages;
    page.messages.truncate(end);
    page.messages.drain(..first);
    let is_kept = |id| page.messages.iter().chain(&page.quoted).any(|message| message.id == id);
    page.mine.retain(|own| is_kept(own.message));
}

/// Returns how many of the messages, counted from the first, fit into one `rows` with the reader's reactions to them: at
/// least one, if there is any.
#[must_use]
pub fn n_messages_that_fit(messages: &[Message], mine: &[OwnReactions]) -> usize {
    let sizes = Sizes::new(mine);
    n_that_fit(messages.iter().map(|message| sizes.of(message))).max(1).min(messages.len())
}

/// Returns how many of the rooms, counted from the first, fit into one `welcome`.
pub(super) fn n_rooms_that_fit(rooms: &[RoomInfo]) -> usize {
    n_that_fit(rooms.iter().map(size))
}

/// Cuts the longest lists of members until all lists fit into one `answer`.
pub fn fit_reactors(reactors: &mut [Reactors]) {
    let mut longest = reactors.iter().map(|emoji| emoji.by.len()).max().unwrap_or(0);
    while longest > 0 && encode(&reactors).len() > MAX_FRAME_BYTES - FRAME_OVERHEAD_BYTES {
        longest -= 1;
        for emoji in &mut *reactors {
            emoji.by.truncate(longest);
        }
    }
}

/// Leaves out the oldest revisions until the others fit into one `answer`.
pub fn fit_revisions(revisions: &mut Vec<Revision>) {
    let n_kept = n_that_fit(revisions.iter().rev().map(size));
    revisions.drain(..revisions.len() - n_kept);
}

/// The sizes of messages in a frame that also carries the reader's reactions to them.
struct Sizes(HashMap<MessageId, usize>);

impl Sizes {
    fn new(mine: &[OwnReactions]) -> Self {
        Self(mine.iter().map(|own| (own.message, size(own))).collect())
    }

    fn of(&self, message: &Message) -> usize {
        size(message) + self.0.get(&message.id).copied().unwrap_or(0)
    }
}

/// Returns the bytes of an item of a list, with its comma.
fn size<T: Serialize>(item: &T) -> usize {
    encode(item).len() + 1
}

fn n_that_fit(sizes: impl Iterator<Item = usize>) -> usize {
    let mut left = MAX_FRAME_BYTES - FRAME_OVERHEAD_BYTES;
    sizes.take_while(|n_bytes| take(&mut left, *n_bytes)).count()
}

/// Takes the bytes from those that are left, or returns false if these are too few.
fn take(left: &mut usize, n_bytes: usize) -> bool {
    left.checked_sub(n_bytes).is_some_and(|rest| {
        *left = rest;
        true
    })
}
